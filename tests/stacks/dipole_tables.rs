//! Dipoles against tables of another program.

use relume::optics::dipole::{Beyond, ISOTROPIC, Oriented, Powers, Side};
use relume::optics::quadrature::gauss_legendre;

use super::compare::Worst;
use super::data::{Row, emitter_stack, number, table};

const STACKS: &str = include_str!("../stacks_data/dipole_stacks.csv");

fn horizontal(row: &Row) -> f64 {
    match row["orientation"].as_str() {
        "perp" => 0.0,
        "par" => 1.0,
        _ => ISOTROPIC,
    }
}

/// Powers of every row; the position is measured from the bottom, which is the back.
fn powers(row: &Row, text: &str, thicker: f64) -> Oriented<Powers> {
    let mut stack = emitter_stack(text, row);
    let emitter = stack.emitter;
    stack.layers[emitter].thickness_nm *= thicker;
    let positions = match row["z_over_d"].as_str() {
        "gauss32" => gauss_legendre(32),
        share => vec![(1.0 - share.parse::<f64>().unwrap(), 1.0)],
    };
    stack.zone_powers(&positions).unwrap()
}

fn deviations(thicker: f64) -> Worst {
    let (stacks, rows) = table(STACKS);
    let mut worst = Worst::default();
    for row in &rows {
        let of = powers(row, &stacks[&row["id"]], thicker).mix(horizontal(row)).fractions();
        let expected = [
            ("F", of.purcell),
            ("air_direct", of.escaped_at_once[1]),
            ("air_incoh", of.escaped[1]),
            ("radiated", of.radiated[1]),
            ("trapped", of.substrate(Side::Back)),
            ("top", of.radiated[0]),
            ("absorbed", of.absorbed()),
            ("WG", of.guided),
            ("SPP", of.plasmon),
        ];
        for (column, value) in expected {
            worst.see(value, number(row, column), || format!("{column} of {} {}", row["id"], row["orientation"]));
        }
    }
    worst
}

#[test]
fn budgets_of_dipole_stacks() {
    deviations(1.0).must_be_below(1e-6);
    assert!(deviations(1.0001).deviation > 1e-6);
}

#[test]
fn dissipation_spectra() {
    let (stacks, spectra) = table(include_str!("../stacks_data/dipole_spectra.csv"));
    let mut worst = [Worst::default(), Worst::default()];
    for row in &spectra {
        let stack = emitter_stack(&stacks[&row["id"]], row);
        for (worst, position) in worst.iter_mut().zip([0.5, 0.500_001]) {
            let k = stack.dipole(position).unwrap().dissipation(number(row, "u"));
            for (column, value) in [("K_perp", k.perp), ("K_par_p", k.par_p), ("K_par_s", k.par_s)] {
                let expected = number(row, column);
                worst.see(value, expected, || format!("{column} of {row:?}"));
                worst.see(value / expected, 1.0, || format!("{column} of {row:?}, relative"));
            }
        }
    }
    worst[0].must_be_below(1e-8);
    assert!(worst[1].deviation > 1e-8);
}

#[test]
fn far_field_in_air() {
    let (stacks, rows) = table(STACKS);
    let (_, angles) = table(include_str!("../stacks_data/dipole_far_field.csv"));
    let (mut worst, mut wrong) = (Worst::default(), 0.0f64);
    for row in &angles {
        let of = rows.iter().find(|other| other["id"] == row["id"]).unwrap();
        let dipole = emitter_stack(&stacks[&row["id"]], of).dipole(0.5).unwrap();
        let purcell = dipole.purcell();
        let purcell = (purcell.perp + 2.0 * purcell.par) / 3.0;
        for (column, beyond) in [("I_direct", Beyond::SubstrateAtOnce), ("I_incoh", Beyond::Substrate)] {
            let intensity = |horizontal| {
                let [s, p] = dipole.far_field(Side::Back, beyond, horizontal, number(row, "theta_air_deg"));
                (s + p) / purcell
            };
            let expected = number(row, column);
            worst.see(intensity(ISOTROPIC), expected, || format!("{column} of {row:?}"));
            worst.see(intensity(ISOTROPIC) / expected, 1.0, || format!("{column} of {row:?}, relative"));
            wrong = wrong.max((intensity(1.0) / expected - 1.0).abs());
        }
    }
    // the table prints nine decimals
    worst.must_be_below(1e-4);
    assert!(wrong > 1e-2);
}
