//! Packets: coherent layers that lie side by side.

use std::ops::Range;

use super::{Emitter, Scene, SourceKind};
use crate::stack;

/// Neighbouring coherent layers, as indices into the scene's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet {
    pub layers: Range<usize>,
}

impl Scene {
    /// Packets from front to back.
    pub fn packets(&self) -> Vec<Packet> {
        let mut packets: Vec<Packet> = Vec::new();
        for at in (0..self.layers.len()).filter(|at| self.layers[*at].coherent) {
            match packets.last_mut() {
                Some(packet) if packet.layers.end == at => packet.layers.end = at + 1,
                _ => packets.push(Packet { layers: at..at + 1 }),
            }
        }
        packets
    }

    /// The packet of one of the coherent layers.
    pub fn packet_of(&self, layer: usize) -> Packet {
        let packet = self.packets().into_iter().find(|packet| packet.layers.contains(&layer));
        packet.expect("a coherent layer is in a packet")
    }

    /// All emitters, with the numbers of their layers.
    pub fn emitters(&self) -> impl Iterator<Item = (usize, &Emitter)> {
        self.layers.iter().enumerate().flat_map(|(at, layer)| layer.emitters.iter().map(move |emitter| (at, emitter)))
    }

    /// What following photons through the scene leaves out.
    pub fn transport_notes(&self) -> impl Iterator<Item = String> {
        self.other_units().into_iter().chain(self.brightness()).chain(self.absorbers_beside_dipoles())
    }

    fn absorbers_beside_dipoles(&self) -> Vec<String> {
        // as for faces, beyond the critical angle aside
        const STRONG: f64 = 0.01;
        let neighbours = self.emitters().filter(|(_, emitter)| emitter.dipole.is_some()).flat_map(|(at, emitter)| {
            let layers = self.packet_of(at).layers;
            let beside = [layers.start.checked_sub(1), Some(layers.end)].into_iter().flatten();
            beside.filter_map(|at| self.layers.get(at)).map(|layer| (layer, emitter.emission.mean_nm()))
        });
        let strong = neighbours.filter(|(layer, nm)| layer.all_k(*nm, true) > STRONG * layer.index.at(*nm));
        let mut notes: Vec<String> = strong
            .map(|(layer, _)| {
                format!(
                    "layer '{}' absorbs strongly, and dipoles beside it meet its real index alone; coherent = true, some \
                     micrometres thick, has the whole",
                    layer.name
                )
            })
            .collect();
        notes.dedup();
        notes
    }

    fn brightness(&self) -> Option<String> {
        let SourceKind::Electroluminescence { current_density_ma_per_cm2, .. } = self.source.kind else { return None };
        let note = "current_density_ma_per_cm2 changes nothing here: photons give yields; `relume stack` gives radiance and luminance";
        current_density_ma_per_cm2.map(|_| note.to_string())
    }

    /// What a current leaves out where several layers have an emitter with a dipole.
    fn other_units(&self) -> Option<String> {
        let SourceKind::Electroluminescence { layer, emitter, .. } = self.source.kind else { return None };
        let others = self.emitters().filter(|(at, emitter)| *at != layer && emitter.dipole.is_some());
        let others: Vec<_> = others.map(|(_, emitter)| format!("'{}'", emitter.name)).collect();
        let driven = &self.layers[layer].emitters[emitter].name;
        (!others.is_empty()).then(|| {
            format!(
                "the current drives '{driven}' alone; of {} only what it absorbs of that light is emitted",
                others.join(", ")
            )
        })
    }

    /// Whether photons can be followed through the scene.
    ///
    /// # Errors
    /// Why not, by name.
    pub fn transportable(&self) -> Result<(), String> {
        let ends = [(&self.front, "front", self.layers.first()), (&self.back, "back", self.layers.last())];
        for (outer, side, layer) in ends {
            let in_contact = outer.reflector.is_some_and(|reflector| !reflector.gap);
            if let Some(layer) = layer.filter(|layer| layer.coherent && in_contact) {
                return Err(format!(
                    "layer '{}' touches the {side} reflector: there is no medium for its light to come from or go to; \
                     write the mirror as a coherent metal layer, or gap = \"air\"",
                    layer.name
                ));
            }
        }
        let coherent = self.emitters().filter(|(layer, _)| self.layers[*layer].coherent);
        for (layer, emitter) in coherent {
            let name = &self.layers[layer].name;
            let place = || format!("layer '{name}': emitter '{}'", emitter.name);
            let Some(dipole) = &emitter.dipole else {
                let why = "needs a dipole = { position, orientation } to send out light from a coherent layer";
                return Err(format!("{}: {why}", place()));
            };
            stack::radiates(self, layer, emitter, dipole).map_err(|why| format!("layer '{name}': {why}"))?;
        }
        Ok(())
    }
}
