//! Wavelengths that photons can have.

use std::sync::{Arc, LazyLock};

use crate::counts::{ENERGY_UNIT_EV, WAVELENGTH_UNIT_NM};
use crate::memo::Memo;
use crate::scene::Scene;
use crate::spectrum::{Grid, HC_EV_NM, SpectralNode, Spectrum};
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

/// A spectrum's nodes and their alias table.
pub struct Nodes {
    pub list: Vec<SpectralNode>,
    pub grid: Grid,
    /// Rows of the table, the first being number 0.
    rows: Vec<Node>,
}

impl Nodes {
    /// Those of a spectrum cut at these steps; remembered, since the designs of a sweep mostly share theirs.
    pub fn of(spectrum: &Spectrum, steps_nm: &[f64]) -> Arc<Self> {
        static KNOWN: LazyLock<Memo<[Vec<u64>; 2], Nodes>> = LazyLock::new(Memo::default);
        let steps = steps_nm.iter().map(|step| step.to_bits()).collect();
        KNOWN.get([spectrum.bits(), steps], || {
            let list = spectrum.nodes(steps_nm);
            let grid = Grid::lasting(list.iter().map(|node| node.wavelength_nm).collect());
            Arc::new(Self { rows: alias_table(&list), grid, list })
        })
    }

    /// Nodes of one use.
    pub fn new(list: Vec<SpectralNode>) -> Self {
        let grid = Grid::of(list.iter().map(|node| node.wavelength_nm).collect());
        Self { rows: alias_table(&list), grid, list }
    }

    pub fn add_alias_table(&self, rows: &mut Vec<Node>) {
        let first = rows.len() as u32;
        rows.extend(self.rows.iter().map(|row| Node { alias_node: first + row.alias_node, ..*row }));
    }
}

/// Alias table (Vose, IEEE Trans. Softw. Eng. 17, 972, 1991).
fn alias_table(nodes: &[SpectralNode]) -> Vec<Node> {
    let mut height: Vec<f64> = nodes.iter().map(|node| node.share * nodes.len() as f64).collect();
    let rows = nodes.iter().enumerate().map(|(i, node)| Node {
        threshold: u32::MAX,
        alias_node: i as u32,
        wavelength: (node.wavelength_nm / WAVELENGTH_UNIT_NM).round() as u32,
        energy: (HC_EV_NM / node.wavelength_nm / ENERGY_UNIT_EV).round() as u32,
    });
    let mut rows: Vec<_> = rows.collect();
    let (mut short, mut tall): (Vec<usize>, Vec<usize>) = (0..nodes.len()).partition(|i| height[*i] < 1.0);
    while let (Some(low), Some(high)) = (short.pop(), tall.last().copied()) {
        rows[low].threshold = (height[low] * 2f64.powi(32)) as u32;
        rows[low].alias_node = high as u32;
        height[high] -= 1.0 - height[low];
        if height[high] < 1.0 {
            short.push(high);
            tall.pop();
        }
    }
    rows
}
