//! Dipoles where the answer is a formula, and at half-spaces.

use std::f64::consts::PI;

use num_complex::Complex64;
use relume::optics::coherent::Layer;
use relume::optics::dipole::{Beyond, Dipole, EmitterStack, Outer, Side};
use relume::optics::quadrature::gauss_legendre;

use super::compare::Worst;
use super::data::{index, number, table};

const WAVELENGTH_NM: f64 = 600.0;
/// So good a conductor that it stands for a perfect one.
const CONDUCTOR: Complex64 = Complex64::new(0.0, 1e10);

/// A dipole at a distance above a half-space, in an endless medium.
fn above(n: f64, half_space: Complex64, z_nm: f64) -> Dipole {
    let stack = EmitterStack {
        wavelength_nm: WAVELENGTH_NM,
        front: Outer::endless(n),
        layers: vec![Layer::new(n, 0.0, 2.0 * z_nm)],
        emitter: 0,
        back: Outer::endless(half_space),
    };
    stack.dipole(0.5).unwrap()
}

fn mirror(x: f64) -> (f64, f64) {
    let (sin, cos) = x.sin_cos();
    let near = cos / (x * x) - sin / (x * x * x);
    (1.0 - 3.0 * near, 1.0 - 1.5 * (sin / x + near))
}

#[test]
fn perfect_mirror() {
    let (mut worst, mut wrong) = (Worst::default(), 0.0f64);
    for z_over_half_wave in [0.001, 0.05, 0.25, 0.5, 1.0, 1.5, 5.0] {
        let z_nm = z_over_half_wave * WAVELENGTH_NM / (2.0 * 1.7);
        let of = above(1.7, CONDUCTOR, z_nm).purcell();
        let (perp, par) = mirror(2.0 * PI * z_over_half_wave);
        worst.see(of.perp, perp, || format!("perp at {z_over_half_wave}"));
        worst.see(of.par, par, || format!("par at {z_over_half_wave}"));
        wrong = wrong.max((above(1.7, Complex64::new(0.0, 100.0), z_nm).purcell().par - par).abs());
    }
    worst.must_be_below(1e-6);
    assert!(wrong > 1e-3);
}

#[test]
fn cavity_of_two_perfect_mirrors() {
    let mut worst = Worst::default();
    for (k_l_over_pi, share) in [(0.7, 0.5), (1.001, 0.5), (1.5, 0.25), (2.5, 0.5), (5.3, 0.4f64)] {
        let n = 1.5;
        let stack = EmitterStack {
            wavelength_nm: WAVELENGTH_NM,
            front: Outer::endless(CONDUCTOR),
            layers: vec![Layer::new(n, 0.0, 0.5 * k_l_over_pi * WAVELENGTH_NM / n)],
            emitter: 0,
            back: Outer::endless(CONDUCTOR),
        };
        let of = stack.dipole(share).unwrap().purcell();
        let modes = || (1..=k_l_over_pi as u32).map(|m| (f64::from(m), (f64::from(m) / k_l_over_pi).powi(2)));
        let cos2: f64 = modes().map(|(m, x)| (1.0 - x) * (m * PI * share).cos().powi(2)).sum();
        let sin2: f64 = modes().map(|(m, x)| (1.0 + x) * (m * PI * share).sin().powi(2)).sum();
        worst.see(of.perp, 3.0 / k_l_over_pi * (0.5 + cos2), || format!("perp at {k_l_over_pi}"));
        worst.see(of.par, 1.5 / k_l_over_pi * sin2, || format!("par at {k_l_over_pi}"));
    }
    worst.must_be_below(1e-6);
}

#[test]
fn half_spaces_without_loss() {
    let (_, rows) = table(include_str!("../stacks_data/dipole_half_space.csv"));
    let mut worst = Worst::default();
    for row in &rows {
        let (n1, n2) = (number(row, "n1"), number(row, "n2"));
        let dipole = above(n1, n2.into(), number(row, "z_over_lambda") * WAVELENGTH_NM);
        let powers = dipole.powers();
        let (of, purcell) = match row["orientation"].as_str() {
            "perp" => (powers.perp, dipole.purcell().perp),
            _ => (powers.par, dipole.purcell().par),
        };
        worst.see(of.purcell, number(row, "F"), || format!("F of {row:?}"));
        worst.see(purcell, number(row, "F"), || format!("F along one path of {row:?}"));
        worst.see(of.radiated[0], number(row, "P1"), || format!("P1 of {row:?}"));
        worst.see(of.radiated[1], number(row, "P2"), || format!("P2 of {row:?}"));
        // up to the critical angle of n2, from the far field; sin^2 takes the square root at that angle away
        let critical = (n1 / n2).min(1.0).asin();
        let horizontal = if row["orientation"] == "perp" { 0.0 } else { 1.0 };
        let below_critical = gauss_legendre(200).into_iter().map(|(x, weight)| {
            let (sin, cos) = (0.5 * PI * x).sin_cos();
            let angle = critical * sin * sin;
            let [s, p] = dipole.far_field(Side::Back, Beyond::Layers, horizontal, angle.to_degrees());
            weight * critical * PI * sin * cos * 2.0 * PI * angle.sin() * (s + p)
        });
        worst.see(below_critical.sum(), number(row, "P2_below_critical"), || format!("below critical of {row:?}"));
        worst.see(of.radiated[0] + of.radiated[1], of.purcell, || format!("closure of {row:?}"));
    }
    worst.must_be_below(1e-6);
}

#[test]
fn silver_half_space() {
    let (_, rows) = table(include_str!("../stacks_data/dipole_silver.csv"));
    let mut worst = Worst::default();
    for row in &rows {
        let dipole = above(1.5, index("0.06+3.6i"), number(row, "z_nm"));
        let (powers, layers) = (dipole.powers(), dipole.layer_powers());
        let (of, lost, purcell) = match row["orientation"].as_str() {
            "perp" => (powers.perp, layers.perp, dipole.purcell().perp),
            _ => (powers.par, layers.par, dipole.purcell().par),
        };
        let near = |worst: &mut Worst, value: f64, column: &str| {
            worst.see(value / number(row, column), 1.0, || format!("{column} of {row:?}"));
        };
        near(&mut worst, of.purcell, "F");
        near(&mut worst, purcell, "F");
        near(&mut worst, of.radiated[0], "P_up");
        near(&mut worst, of.plasmon, "F_evanescent");
        // what is not radiated is absorbed in the silver, to the tolerance of the sum over real u
        assert!(((of.radiated[0] + lost.outer[1]) / of.purcell - 1.0).abs() < 1e-7);
    }
    worst.must_be_below(1e-6);
}

/// F_perp = (3/8) Im[(e2 - e1) / (e2 + e1)] / (k z)^3 and half of it, very near a metal.
#[test]
fn near_field_of_a_metal() {
    let (n, metal) = (1.5, Complex64::new(0.06, 3.6));
    let (e1, e2) = (Complex64::from(n * n), metal * metal);
    let asymptote = |z_nm: f64| 0.375 * ((e2 - e1) / (e2 + e1)).im / (2.0 * PI * n * z_nm / WAVELENGTH_NM).powi(3);
    let near = above(n, metal, 0.02).purcell();
    let perp = asymptote(0.02);
    assert!((near.perp / perp - 1.0).abs() < 1e-4 && (near.par / (0.5 * perp) - 1.0).abs() < 2e-4, "{near:?} {perp}");
    assert!((above(n, metal, 10.0).purcell().perp / asymptote(10.0) - 1.0).abs() > 1.0);
}

/// A film far thinner than the wave radiates as a dipole outside it would: (n_0/n)^5 and n_0/n of the bulk.
#[test]
fn thin_film() {
    let of = |thickness_nm: f64| {
        let stack = EmitterStack {
            wavelength_nm: WAVELENGTH_NM,
            front: Outer::endless(1.0),
            layers: vec![Layer::new(2.0, 0.0, thickness_nm)],
            emitter: 0,
            back: Outer::endless(1.0),
        };
        stack.dipole(0.5).unwrap().powers()
    };
    let thin = of(1e-6);
    assert!((thin.perp.purcell - 0.03125).abs() < 1e-6 && (thin.par.purcell - 0.5).abs() < 1e-6, "{thin:?}");
    assert!((thin.par.radiated[0] - 0.25).abs() < 1e-6);
    assert!((of(50.0).par.purcell - 0.5).abs() > 1e-2);
}
