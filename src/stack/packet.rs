//! A packet of the scene as the layers and outer media that wave optics takes.

use num_complex::Complex64;

use super::StackProblem;
use crate::optics::coherent::{Layer, Stack};
use crate::optics::dipole::{EmitterStack, Outer};
use crate::scene::{self, Packet, Scene, Side};
use crate::spectrum::Curve;

/// A packet in its scene.
#[derive(Debug, Clone)]
pub struct Setting<'a> {
    pub scene: &'a Scene,
    pub packet: Packet,
    /// Whether k counts what emitters absorb.
    pub emitters_absorb: bool,
}

const NM_PER_UM: f64 = 1e3;
/// Up to this share of n the k of a thick medium changes nothing that counts.
pub(crate) const CLEAR: f64 = 1e-5;

impl<'a> Setting<'a> {
    pub fn new(scene: &'a Scene, packet: Packet) -> Self {
        Self { scene, packet, emitters_absorb: true }
    }

    pub fn names(&self) -> Vec<String> {
        self.scene.layers[self.packet.layers.clone()].iter().map(|layer| layer.name.clone()).collect()
    }

    /// The layer of the scene next to the packet on a side.
    pub fn neighbour(&self, side: Side) -> Option<&scene::Layer> {
        match side {
            Side::Front => self.packet.layers.start.checked_sub(1).map(|at| &self.scene.layers[at]),
            Side::Back => self.scene.layers.get(self.packet.layers.end),
        }
    }

    /// Layers between the neighbour of a side and the medium outside.
    pub fn beyond_neighbour(&self, side: Side) -> &[scene::Layer] {
        let layers = &self.scene.layers;
        match side {
            Side::Front => &layers[..self.packet.layers.start.saturating_sub(1)],
            Side::Back => layers.get(self.packet.layers.end + 1..).unwrap_or_default(),
        }
    }

    fn outside(&self, side: Side) -> (&scene::Outer, &'static str) {
        match side {
            Side::Front => (&self.scene.front, "front"),
            Side::Back => (&self.scene.back, "back"),
        }
    }

    /// Real indices of media of the scene that light which leaves the packet may meet, rising: some of them from the
    /// lowest to the highest, if they are very many.
    pub fn met_later(&self, wavelength_nm: f64) -> Vec<f64> {
        const MOST: usize = 32;
        let layers = self.scene.layers.iter().filter(|layer| !layer.coherent).map(|layer| &layer.index);
        // light never comes into a medium behind a reflector in contact
        let is_met = |outer: &&scene::Outer| outer.reflector.is_none_or(|reflector| reflector.gap);
        let outers = [&self.scene.front, &self.scene.back].into_iter().filter(is_met).map(|outer| &outer.index);
        let mut indices: Vec<f64> = layers.chain(outers).map(|index| index.at(wavelength_nm)).collect();
        indices.sort_by(f64::total_cmp);
        indices.dedup();
        let last = indices.len().saturating_sub(1);
        if last < MOST {
            return indices;
        }
        (0..MOST).map(|i| indices[i * last / (MOST - 1)]).collect()
    }

    /// Real index of the medium that the packet meets on a side.
    fn medium(&self, side: Side, wavelength_nm: f64) -> Result<f64, StackProblem> {
        if let Some(layer) = self.neighbour(side) {
            return stated(&layer.index, &format!("layer '{}': index", layer.name), wavelength_nm);
        }
        let (outer, name) = self.outside(side);
        if outer.reflector.is_some_and(|reflector| !reflector.gap) {
            let layer = match side {
                Side::Front => self.packet.layers.start,
                Side::Back => self.packet.layers.end - 1,
            };
            return Err(StackProblem::Reflector { layer: self.scene.layers[layer].name.clone(), side: name });
        }
        stated(&outer.index, &format!("{name}: index"), wavelength_nm)
    }

    /// The packet's layers at a wavelength.
    fn layers(&self, wavelength_nm: f64) -> Result<Vec<Layer>, StackProblem> {
        let layers = &self.scene.layers[self.packet.layers.clone()];
        let layer = |layer: &scene::Layer| {
            let what = format!("layer '{}': index", layer.name);
            let n = stated(&layer.index, &what, wavelength_nm)?;
            let k = match &layer.extinction {
                Some(k) => stated(k, &format!("{what}: k"), wavelength_nm)?,
                None => 0.0,
            };
            let host_share = || 1.0 - layer.emitter_shares(wavelength_nm).iter().sum::<f64>();
            let k = if self.emitters_absorb || k == 0.0 { k } else { k * host_share().max(0.0) };
            Ok(Layer { index: Complex64::new(n, k), thickness_nm: layer.thickness_um * NM_PER_UM })
        };
        layers.iter().map(layer).collect()
    }

    /// By layer: the share of each of its emitters in what the layer absorbs.
    pub fn emitter_shares(&self, wavelength_nm: f64) -> Vec<Vec<f64>> {
        let shares = |layer: &scene::Layer| match self.emitters_absorb {
            true => layer.emitter_shares(wavelength_nm),
            false => vec![0.0; layer.emitters.len()],
        };
        self.scene.layers[self.packet.layers.clone()].iter().map(shares).collect()
    }

    /// Index of the medium that light finds behind the packet on a side, with k from all that a thick layer absorbs.
    fn exit(&self, side: Side, wavelength_nm: f64) -> Result<Complex64, StackProblem> {
        let n = self.medium(side, wavelength_nm)?;
        let k = self.neighbour(side).map_or(0.0, |layer| layer.all_k(wavelength_nm, self.emitters_absorb));
        Ok(Complex64::new(n, if k > CLEAR * n { k } else { 0.0 }))
    }

    /// The packet met from its front.
    pub fn stack(&self, wavelength_nm: f64) -> Result<Stack, StackProblem> {
        self.met_from(Side::Front, wavelength_nm)
    }

    /// The packet met from one side. Light comes from a medium that is taken for clear.
    pub fn met_from(&self, side: Side, wavelength_nm: f64) -> Result<Stack, StackProblem> {
        let mut layers = self.layers(wavelength_nm)?;
        let other = match side {
            Side::Front => Side::Back,
            Side::Back => {
                layers.reverse();
                Side::Front
            }
        };
        Stack::new(wavelength_nm, self.medium(side, wavelength_nm)?, &layers, self.exit(other, wavelength_nm)?)
            .map_err(|why| StackProblem::Packet { layers: self.names().join(", "), why })
    }

    /// The packet about a dipole in one of the scene's layers.
    pub fn emitter_stack(&self, layer: usize, wavelength_nm: f64) -> Result<EmitterStack, StackProblem> {
        Ok(EmitterStack {
            wavelength_nm,
            front: self.outer(Side::Front, wavelength_nm)?,
            layers: self.layers(wavelength_nm)?,
            emitter: layer - self.packet.layers.start,
            back: self.outer(Side::Back, wavelength_nm)?,
        })
    }

    /// A thick layer beside the packet is a substrate, with the scene's outer medium behind it.
    fn outer(&self, side: Side, wavelength_nm: f64) -> Result<Outer, StackProblem> {
        let index = self.medium(side, wavelength_nm)?;
        if self.neighbour(side).is_none() {
            return Ok(Outer::endless(index));
        }
        let (outer, name) = self.outside(side);
        // beside a reflector in contact the outer medium's index says nothing; light would leave into air
        let ambient = match outer.reflector {
            Some(reflector) if !reflector.gap => 1.0,
            _ => stated(&outer.index, &format!("{name}: index"), wavelength_nm)?,
        };
        Ok(Outer::substrate(index, ambient))
    }

    /// What is left out on the far side of a substrate.
    pub fn left_out(&self, side: Side) -> Vec<String> {
        let Some(substrate) = self.neighbour(side) else { return Vec::new() };
        let name = &substrate.name;
        let mut notes = Vec::new();
        if let Some(layer) = self.beyond_neighbour(side).first() {
            notes.push(format!(
                "light leaves substrate '{name}' straight into the outer medium; '{}' and what lies beyond it is left out",
                layer.name
            ));
        }
        if !substrate.scatterers.is_empty() || !substrate.emitters.is_empty() {
            notes.push(format!(
                "scatterers and emitters of substrate '{name}' are left out; they are for the transport"
            ));
        }
        let absorbs = |curve: &Curve| !matches!(curve, Curve::Constant(0.0));
        if substrate.extinction.as_ref().is_some_and(absorbs) || absorbs(&substrate.absorption_per_cm) {
            notes.push(format!("absorption in substrate '{name}' is left out; it is for the transport"));
        }
        let (outer, side) = self.outside(side);
        if outer.reflector.is_some() {
            notes.push(format!("the {side} reflector behind substrate '{name}' is left out; it is for the transport"));
        }
        notes
    }
}

/// The value of a curve where it is stated.
fn stated(curve: &Curve, what: &str, at_nm: f64) -> Result<f64, StackProblem> {
    const SLACK_NM: f64 = 1e-9;
    let (low_nm, high_nm) = curve.range_nm();
    if at_nm < low_nm - SLACK_NM || at_nm > high_nm + SLACK_NM {
        return Err(StackProblem::Unstated { what: what.to_owned(), low_nm, high_nm, at_nm });
    }
    Ok(curve.at(at_nm))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::scene;

    /// Of more media than there is room for, the rarest and the densest are among those that are asked for.
    #[test]
    fn media_that_light_meets_later_reach_from_the_lowest_index_to_the_highest() {
        let met = |layers: u32, back: &str| {
            let mut text = String::from(
                "schema = 1\nsource = { kind = \"beam\", wavelength_nm = 500 }\n[[layer]]\nthickness_nm = 100\nindex = 1.5\n\
                 coherent = true\n",
            );
            for i in 0..layers {
                let index = 1.1 + 0.01 * f64::from(i);
                text.push_str(&format!("[[layer]]\nname = \"l{i}\"\nthickness_um = 9\nindex = {index}\n"));
            }
            text.push_str(back);
            let scene = scene::parse(&text, "s", Path::new(""), &[]).expect("a scene").scene;
            let packet = scene.packets().remove(0);
            Setting::new(&scene, packet).met_later(500.0)
        };
        assert_eq!(met(2, ""), [1.0, 1.1, 1.11]);
        let many = met(80, "");
        assert_eq!((many.len(), many[0]), (32, 1.0));
        assert!((many[31] - 1.89).abs() < 1e-12 && many.windows(2).all(|pair| pair[0] < pair[1]), "{many:?}");
        // behind a mirror in contact there is nothing to meet
        let mirror = "[back]\nindex = 3\nreflector = { kind = \"specular\", reflectance = 0.9 }\n";
        assert_eq!(met(2, mirror), [1.0, 1.1, 1.11]);
    }
}
