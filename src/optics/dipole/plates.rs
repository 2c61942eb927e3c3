//! Light in substrates: plates without edges, in which it goes to and fro between an outer face and the thin layers. Some
//! crosses these, into the substrate or the open medium of the other side.

use super::emitter::Dipole;
use crate::optics::coherent::Power;

/// What a substrate lies between, met from within it, for s and p.
#[derive(Clone, Copy)]
pub(crate) struct Plate {
    pub layers: [Power; 2],
    pub face: [Power; 2],
}

/// Both sides; `None` where there is no substrate, and light that is out is out.
pub(crate) type Plates = [Option<Plate>; 2];

/// Power that meets the outer face of each side on all passes together, per power that enters an outer medium from the
/// dipole.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Arrivals {
    /// Of what enters the same side and never crosses the layers.
    pub own: [f64; 2],
    /// Of what has crossed them, `[to][from]`.
    pub crossed: [[f64; 2]; 2],
}

impl Arrivals {
    /// For one polarisation.
    pub fn new(plates: &Plates, polarisation: usize) -> Self {
        const LOST_IN_ROUNDING: f64 = 1e-14;
        // sent back by the face, and then kept on this side or sent through to the other
        let [(kept_0, over_0), (kept_1, over_1)] = plates.map(|plate| {
            plate.map_or((0.0, 0.0), |Plate { layers, face }| {
                let (back, layers) = (face[polarisation].reflectance, layers[polarisation]);
                (back * layers.reflectance, back * layers.transmittance)
            })
        });
        let [end_0, end_1] = [1.0 - kept_0, 1.0 - kept_1];
        // light that ends nowhere counts once
        let own = [end_0, end_1].map(|end| if end > LOST_IN_ROUNDING { end.recip() } else { 1.0 });
        let there_and_back = over_0 * over_1;
        let both = end_0 * end_1 - there_and_back;
        if both <= LOST_IN_ROUNDING * end_0 * end_1 {
            return Self { own, crossed: [[0.0; 2]; 2] };
        }
        let crossed =
            [[there_and_back / (end_0 * both), over_1 / both], [over_0 / both, there_and_back / (end_1 * both)]];
        Self { own, crossed }
    }

    /// Of powers that enter each side, what crossed to one.
    pub fn crossed_to(&self, side: usize, entering: [f64; 2]) -> f64 {
        self.crossed[side][0] * entering[0] + self.crossed[side][1] * entering[1]
    }
}

/// How light of one polarisation leaves the outer media for good.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Escape {
    /// Share of what meets an outer face that passes it, by side.
    pub through: [f64; 2],
    pub arrivals: Arrivals,
}

impl Escape {
    const NONE: Escape = Escape { through: [0.0; 2], arrivals: Arrivals { own: [1.0; 2], crossed: [[0.0; 2]; 2] } };

    /// Of light that enters a side: what leaves there and has not crossed the layers.
    pub fn own(&self, side: usize) -> f64 {
        self.through[side] * self.arrivals.own[side]
    }

    /// Of powers that enter each side: what leaves by one and has crossed the layers.
    pub fn crossed_to(&self, side: usize, entering: [f64; 2]) -> f64 {
        self.through[side] * self.arrivals.crossed_to(side, entering)
    }
}

impl Dipole {
    /// What of the light of an in-plane index leaves the outer media, for s and p.
    pub(crate) fn escape(&self, in_plane_index: f64) -> [Escape; 2] {
        let open = [0, 1].map(|side| self.lets_out(side, in_plane_index));
        if open == [false, false] {
            return [Escape::NONE; 2];
        }
        let plates = self.plates(in_plane_index);
        [0, 1].map(|polarisation| {
            let through = [0, 1].map(|side| match &plates[side] {
                _ if !open[side] => 0.0,
                Some(plate) => plate.face[polarisation].transmittance,
                None => 1.0,
            });
            Escape { through, arrivals: Arrivals::new(&plates, polarisation) }
        })
    }

    /// The substrates that light of an in-plane index can be in.
    fn plates(&self, in_plane_index: f64) -> Plates {
        [0, 1].map(|side| {
            let (layers, face) = self.halves[side].from_substrate.as_ref()?;
            (in_plane_index < layers.incidence_index())
                .then(|| Plate { layers: layers.power(in_plane_index), face: face.power(in_plane_index) })
        })
    }

    /// Whether light of an in-plane index can leave by a side.
    fn lets_out(&self, side: usize, in_plane_index: f64) -> bool {
        let half = &self.halves[side];
        let ambient = half.from_substrate.as_ref().map(|(_, face)| face.exit_index().re);
        half.outer.open_index().is_some_and(|index| in_plane_index < ambient.map_or(index, |n| n.min(index)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn power(reflectance: f64, transmittance: f64) -> [Power; 2] {
        [Power { reflectance, transmittance }; 2]
    }

    /// Pass by pass, until nothing is left.
    fn followed(plates: &Plates, from: usize) -> [f64; 2] {
        let mut arrives = [0.0; 2];
        let mut under_way = [0.0; 2];
        under_way[from] = 1.0;
        for _ in 0..100_000 {
            let mut next = [0.0; 2];
            for side in 0..2 {
                arrives[side] += under_way[side];
                let Some(plate) = plates[side] else { continue };
                let back = under_way[side] * plate.face[0].reflectance;
                next[side] += back * plate.layers[0].reflectance;
                next[1 - side] += back * plate.layers[0].transmittance;
            }
            under_way = next;
        }
        arrives
    }

    #[test]
    fn sums_over_passes_are_those_of_light_followed_pass_by_pass() {
        let glass = |reflectance, layers| Some(Plate { layers, face: power(reflectance, 1.0 - reflectance) });
        for plates in [
            [None, None],
            [None, glass(0.3, power(0.2, 0.7))],
            [glass(1.0, power(0.9, 0.05)), None],
            [glass(0.3, power(0.5, 0.4)), glass(0.8, power(0.1, 0.4))],
            [glass(1.0, power(0.3, 0.6)), glass(1.0, power(0.39, 0.6))],
            [glass(0.5, power(0.0, 1.0)), glass(0.25, power(0.0, 1.0))],
        ] {
            let sums = Arrivals::new(&plates, 0);
            for from in 0..2 {
                let mut entering = [0.0; 2];
                entering[from] = 1.0;
                let followed = followed(&plates, from);
                for to in 0..2 {
                    let sum = sums.own[to] * entering[to] + sums.crossed_to(to, entering);
                    assert!((sum - followed[to]).abs() < 1e-9, "{sums:?} {followed:?}");
                }
            }
        }
    }

    #[test]
    fn light_that_cannot_end_is_counted_once_and_beside_it_all_of_the_rest() {
        let trapped = Some(Plate { layers: power(1.0, 0.0), face: power(1.0, 0.0) });
        let leaks = Some(Plate { layers: power(0.5, 0.0), face: power(0.5, 0.5) });
        let sums = Arrivals::new(&[trapped, leaks], 0);
        assert_eq!(sums, Arrivals { own: [1.0, 1.0 / 0.75], crossed: [[0.0; 2]; 2] });
        let between = Some(Plate { layers: power(0.25, 0.75), face: power(1.0, 0.0) });
        assert_eq!(Arrivals::new(&[between, between], 0).crossed, [[0.0; 2]; 2]);
    }
}
