//! Packets: coherent layers that lie side by side.

use std::ops::Range;

use super::{Scene, SourceKind};

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

    /// Whether photons can be followed through the scene.
    ///
    /// # Errors
    /// Why not, by name.
    pub fn transportable(&self) -> Result<(), String> {
        if let SourceKind::Electroluminescence { .. } = self.source.kind {
            return Err("an electroluminescent source takes part in `relume stack`; \
                        the transport does not follow light of dipoles yet"
                .to_owned());
        }
        for layer in self.layers.iter().filter(|layer| layer.coherent) {
            if let Some(emitter) = layer.emitters.first() {
                return Err(format!(
                    "layer '{}': emitter '{}' is in a coherent layer: it takes part in `relume stack`; \
                     the transport does not follow light of dipoles yet",
                    layer.name, emitter.name
                ));
            }
        }
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
        Ok(())
    }
}
