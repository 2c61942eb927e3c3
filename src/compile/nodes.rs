//! Wavelengths that photons can have.

use crate::counts::{ENERGY_UNIT_EV, WAVELENGTH_UNIT_NM};
use crate::scene::Scene;
use crate::spectrum::{HC_EV_NM, SpectralNode};
use crate::tables::Node;

/// Where any coefficient of the scene jumps.
pub fn steps_nm(scene: &Scene) -> Vec<f64> {
    let mut steps = [scene.front.index.steps_nm(), scene.back.index.steps_nm()].concat();
    for layer in &scene.layers {
        steps.extend(layer.index.steps_nm());
        steps.extend(layer.absorption_per_cm.steps_nm());
        steps.extend(layer.extinction.iter().flat_map(|k| k.steps_nm()));
        steps.extend(layer.scatterers.iter().flat_map(|s| [s.mu_s_per_cm.steps_nm(), s.g.steps_nm()].concat()));
        steps.extend(layer.emitters.iter().flat_map(|emitter| emitter.absorption_per_cm.steps_nm()));
    }
    steps.extend(scene.extent.iter().flat_map(|extent| extent.index.steps_nm()));
    steps
}

/// A spectrum's nodes with their alias table (Vose, IEEE Trans. Softw. Eng. 17, 972, 1991).
pub fn add_alias_table(rows: &mut Vec<Node>, nodes: &[SpectralNode]) {
    let first = rows.len();
    let mut height: Vec<f64> = nodes.iter().map(|node| node.share * nodes.len() as f64).collect();
    rows.extend(nodes.iter().enumerate().map(|(i, node)| Node {
        threshold: u32::MAX,
        alias_node: (first + i) as u32,
        wavelength: (node.wavelength_nm / WAVELENGTH_UNIT_NM).round() as u32,
        energy: (HC_EV_NM / node.wavelength_nm / ENERGY_UNIT_EV).round() as u32,
    }));
    let (mut short, mut tall): (Vec<usize>, Vec<usize>) = (0..nodes.len()).partition(|i| height[*i] < 1.0);
    while let (Some(low), Some(high)) = (short.pop(), tall.last().copied()) {
        rows[first + low].threshold = (height[low] * 2f64.powi(32)) as u32;
        rows[first + low].alias_node = (first + high) as u32;
        height[high] -= 1.0 - height[low];
        if height[high] < 1.0 {
            short.push(high);
            tall.pop();
        }
    }
}
