//! Packets: coherent layers that lie side by side.

use std::ops::Range;

use super::Scene;

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
        match self.layers.iter().find(|layer| layer.coherent) {
            None => Ok(()),
            Some(layer) => Err(format!(
                "layer '{}' is coherent: coherent layers take part in `relume stack`; \
                 the transport does not follow light through them yet",
                layer.name
            )),
        }
    }
}
