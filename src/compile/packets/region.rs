//! The variable that a table of a packet goes by.

use crate::tables::PACKET_TOTAL;

/// One of the tables at a node: light from the front, from the back, or from the denser side beyond total reflection.
#[derive(Debug, Clone, Copy)]
pub struct Region {
    pub from_back: bool,
    total: bool,
    rare: f64,
    dense: f64,
}

impl Region {
    /// By number, between media of these indices in front and behind.
    pub fn new(number: u32, front: f64, back: f64) -> Self {
        let total = number == PACKET_TOTAL;
        let from_back = if total { back > front } else { number == 1 };
        Self { from_back, total, rare: front.min(back), dense: front.max(back) }
    }

    /// In-plane index (index times sine) at a place in the table, 0..=1.
    pub fn in_plane(&self, x: f64) -> f64 {
        let Self { rare, dense, .. } = self;
        if self.total {
            // cos(phi) from tan(phi / 2); the cosine of the critical angle squared is 1 - (rare / dense)^2
            let cos_phi = (1.0 - x * x) / (1.0 + x * x);
            (rare * rare + (dense * dense - rare * rare) * (1.0 - cos_phi * cos_phi)).sqrt()
        } else {
            rare * (1.0 - x * x).sqrt()
        }
    }

    /// The place of an in-plane index; `None` where it belongs to another table.
    pub fn place(&self, in_plane: f64) -> Option<f64> {
        let Self { rare, dense, .. } = self;
        if self.total {
            let cos2_phi = (dense * dense - in_plane * in_plane) / (dense * dense - rare * rare);
            let beyond = in_plane > *rare && in_plane <= *dense;
            beyond.then(|| (1.0 - cos2_phi).max(0.0).sqrt() / (1.0 + cos2_phi.sqrt()))
        } else {
            (in_plane <= *rare).then(|| (1.0 - (in_plane / rare).powi(2)).sqrt())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_their_in_plane_index() {
        for (number, front, back) in [(0, 1.0, 1.5), (1, 1.7, 1.5), (PACKET_TOTAL, 1.0, 1.5), (PACKET_TOTAL, 1.8, 1.2)]
        {
            let region = Region::new(number, front, back);
            for x in [0.1, 0.5, 0.93] {
                let again = region.place(region.in_plane(x)).expect("a place of this table");
                assert!((again - x).abs() < 1e-12, "{again} {x}");
            }
            let other = if number == PACKET_TOTAL { 0.5 * front.min(back) } else { 1.01 * front.min(back) };
            assert_eq!(region.place(other), None);
        }
    }
}
