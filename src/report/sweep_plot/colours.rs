//! A scale of colours that rises in lightness, so that it prints in grey and colour-blind readers can follow it.

use plotters::style::RGBColor;

/// Viridis (S. van der Walt, N. Smith, 2015, CC0) at every tenth.
const STOPS: [(u8, u8, u8); 11] = [
    (68, 1, 84),
    (72, 36, 117),
    (65, 68, 135),
    (53, 95, 141),
    (42, 120, 142),
    (33, 145, 140),
    (34, 168, 132),
    (68, 191, 112),
    (122, 209, 81),
    (189, 223, 38),
    (253, 231, 37),
];

/// Not quite black and white: a page that turns with the reader's light or dark setting leaves them alone.
pub const INK: RGBColor = RGBColor(1, 1, 1);
pub const PAPER: RGBColor = RGBColor(254, 254, 254);

/// The colour at `share`, 0 (dark) to 1 (light).
pub fn colour(share: f64) -> RGBColor {
    let at = share.clamp(0.0, 1.0) * (STOPS.len() - 1) as f64;
    let below = (at as usize).min(STOPS.len() - 2);
    let (from, to, t) = (STOPS[below], STOPS[below + 1], at - below as f64);
    let mix = |a: u8, b: u8| (f64::from(a) + t * (f64::from(b) - f64::from(a))).round() as u8;
    RGBColor(mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2))
}

/// What can be read on that colour.
pub fn ink_on(share: f64) -> RGBColor {
    if share < 0.55 { PAPER } else { INK }
}

#[cfg(test)]
mod tests {
    use super::colour;

    #[test]
    fn lightness_rises() {
        let lightness = |i: usize| {
            let c = colour(i as f64 / 100.0);
            0.2126 * f64::from(c.0) + 0.7152 * f64::from(c.1) + 0.0722 * f64::from(c.2)
        };
        assert!((1..=100).all(|i| lightness(i) > lightness(i - 1)));
    }
}
