//! Transfer matrix against rows computed with 40 digits.

use relume::optics::coherent::{Layer, Polarisation, Stack, Workspace};

use super::compare::{Worst, stack};
use super::data::{number, table};

fn deviations(change: impl Fn(Stack) -> Stack) -> Worst {
    let (stacks, rows) = table(include_str!("../stacks_data/transfer_matrix.csv"));
    let mut worst = Worst::default();
    for row in &rows {
        let stack = change(stack(&stacks[&row["stack"]], number(row, "wavelength_nm")));
        let polarisation = if row["polarisation"] == "s" { Polarisation::S } else { Polarisation::P };
        let angle_deg = number(row, "theta_deg");
        let of = stack.response_at_angle(angle_deg, polarisation);
        let power = stack.power(stack.in_plane_index(angle_deg))[polarisation as usize];
        assert_eq!((of.reflectance, of.transmittance), (power.reflectance, power.transmittance));
        worst.see(of.reflectance, number(row, "R"), || format!("R {row:?}"));
        worst.see(of.transmittance, number(row, "T"), || format!("T {row:?}"));
        let absorptances: Vec<f64> = row["A_layers"].split(';').filter_map(|a| a.parse().ok()).collect();
        assert_eq!(absorptances.len(), of.absorptance.len());
        for (value, expected) in of.absorptance.iter().zip(absorptances) {
            worst.see(*value, expected, || format!("A {row:?}"));
        }
    }
    worst
}

#[test]
fn every_row_of_the_table() {
    deviations(|stack| stack).must_be_below(1e-10);
}

#[test]
fn the_table_tells_a_stack_of_another_wavelength() {
    let longer = |stack: Stack| {
        Stack::new(1.000_001 * stack.wavelength_nm(), stack.incidence_index(), &stack.layers(), stack.exit_index())
            .unwrap()
    };
    assert!(deviations(longer).deviation > 1e-8);
}

/// A layer behind a thick mirror absorbs 1e-10 of the light, and keeps its digits (12 are printed in the table).
#[test]
fn small_absorptances_keep_their_digits() {
    let (stacks, rows) = table(include_str!("../stacks_data/transfer_matrix.csv"));
    let mut worst = Worst::default();
    for row in rows.iter().filter(|row| row["stack"].starts_with("air_Al100")) {
        let stack = stack(&stacks[&row["stack"]], number(row, "wavelength_nm"));
        let polarisation = if row["polarisation"] == "s" { Polarisation::S } else { Polarisation::P };
        let of = stack.response_at_angle(number(row, "theta_deg"), polarisation);
        for (value, expected) in of.absorptance.iter().zip(row["A_layers"].split(';')) {
            let expected: f64 = expected.parse().unwrap();
            if expected == 0.0 {
                assert_eq!(*value, 0.0);
            } else {
                worst.see(value / expected, 1.0, || format!("{row:?}"));
            }
        }
    }
    worst.must_be_below(2e-11);
}

#[test]
fn thick_metals_neither_overflow_nor_end_in_nan() {
    let (silver, aluminium) = ((0.054, 3.35), (0.93, 6.33));
    for (metal, thickness_nm, angle_deg) in [(silver, 200.0, 85.0), (aluminium, 10_000.0, 0.0), (silver, 1e7, 89.9)] {
        let (n, k) = metal;
        let layers = [Layer::new(2.0, 0.05, 30.0), Layer::new(n, k, thickness_nm), Layer::new(1.5, 0.1, 50.0)];
        let stack = Stack::new(530.0, 1.0, &layers, 1.0.into()).unwrap();
        for polarisation in Polarisation::BOTH {
            let of = stack.response_at_angle(angle_deg, polarisation);
            let sum = of.reflectance + of.transmittance + of.absorptance.iter().sum::<f64>();
            assert!((sum - 1.0).abs() < 1e-12, "{of:?}");
            assert!(of.absorptance[1] > 0.0 && of.transmittance < 1e-4);
        }
    }
}

/// Waves along the layers: of the incidence medium (90 degrees), and of a layer (its normal index is 0).
#[test]
fn grazing_waves_have_their_limits() {
    let layers = [Layer::new(1.9, 0.0, 80.0), Layer::new(1.4, 1e-4, 300.0), Layer::new(1.7, 0.02, 50.0)];
    let stack = Stack::new(530.0, 1.52, &layers, 1.52.into()).unwrap();
    let mut workspace = Workspace::default();
    for (s, near) in [(1.4, 1.4 + 1e-9), (1.52, 1.52 - 1e-13)] {
        let (at, beside) = (stack.power(s), stack.power(near));
        for pol in 0..2 {
            assert!((at[pol].reflectance - beside[pol].reflectance).abs() < 1e-5, "{at:?} {beside:?}");
            assert!((at[pol].transmittance - beside[pol].transmittance).abs() < 1e-5);
        }
        let power = stack.absorptances(s, &mut workspace)[1];
        let absorbed: f64 = workspace.layers().map(|of| of[1]).sum();
        assert!((power.reflectance + power.transmittance + absorbed - 1.0).abs() < 1e-12);
    }
    let (stack, beyond) = (stack.power(1.6), 1.6);
    assert!(stack.iter().all(|power| power.reflectance == 1.0 && power.transmittance == 0.0), "{beyond}");
}

/// The field profile's absorption adds up to each layer's absorptance, and its field is continuous for s.
#[test]
fn field_profile_adds_up() {
    let layers = [Layer::new(1.9, 0.01, 100.0), Layer::new(2.1, 0.05, 30.0), Layer::new(0.93, 6.33, 40.0)];
    let stack = Stack::new(530.0, 1.52, &layers, 1.0.into()).unwrap();
    let s = stack.in_plane_index(35.0);
    const POINTS: usize = 2001;
    for polarisation in Polarisation::BOTH {
        let profile = stack.field_profile(s, polarisation, POINTS);
        let of = stack.response(s, polarisation);
        for (layer, points) in profile.chunks(POINTS).enumerate() {
            let step_nm = layers[layer].thickness_nm / (POINTS - 1) as f64;
            let simpson = |i: usize| if i == 0 || i == POINTS - 1 { 1.0 } else { 2.0 + 2.0 * (i % 2) as f64 };
            let sum: f64 = points.iter().enumerate().map(|(i, p)| simpson(i) * p.absorbed_per_nm * step_nm / 3.0).sum();
            assert!((sum - of.absorptance[layer]).abs() < 1e-10, "{sum} {of:?}");
        }
        if polarisation == Polarisation::S {
            assert!((profile[POINTS - 1].intensity - profile[POINTS].intensity).abs() < 1e-12);
            assert!((profile[0].intensity - profile[POINTS - 1].intensity).abs() > 1e-3);
        }
    }
}
