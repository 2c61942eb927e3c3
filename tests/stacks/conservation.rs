//! What must hold in every stack.

use num_complex::Complex64;
use proptest::prelude::*;
use relume::optics::coherent::{Face, Layer, Polarisation, Stack, incoherent_slab};
use relume::optics::dipole::{Beyond, DipoleError, EmitterStack, ISOTROPIC, Outer, Side, effective_plqy};
use relume::optics::quadrature::gauss_legendre;

/// Dielectrics with and without loss, and metals, from a nanometre to ten micrometres.
fn any_layer() -> impl Strategy<Value = Layer> {
    let index = prop_oneof![
        (1.2..2.8f64).prop_map(|n| (n, 0.0)),
        (1.2..2.8f64, -9.0..0.0f64).prop_map(|(n, log_k)| (n, 10f64.powf(log_k))),
        (0.02..2.0f64, 1.0..8.0f64),
    ];
    (index, 0.0..4.0f64).prop_map(|((n, k), log_nm)| Layer::new(n, k, 10f64.powf(log_nm)))
}

fn any_stack() -> impl Strategy<Value = (Stack, f64)> {
    let exit = prop_oneof![(1.0..2.5f64).prop_map(|n| (n, 0.0)), (0.05..2.0f64, 0.0..6.0f64)];
    (prop::collection::vec(any_layer(), 0..9), 1.0..2.5f64, exit, 380.0..900.0f64, 0.0..89.99f64).prop_map(
        |(layers, n_0, (n, k), wavelength_nm, angle_deg)| {
            (Stack::new(wavelength_nm, n_0, &layers, Complex64::new(n, k)).unwrap(), angle_deg)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn light_is_reflected_transmitted_or_absorbed((stack, angle_deg) in any_stack()) {
        for polarisation in Polarisation::BOTH {
            let of = stack.response_at_angle(angle_deg, polarisation);
            let absorbed: f64 = of.absorptance.iter().sum();
            let sum = of.reflectance + of.transmittance + absorbed;
            prop_assert!((sum - 1.0).abs() < 1e-12, "{polarisation:?} {:e} {of:?}", sum - 1.0);
            prop_assert!(of.absorptance.iter().all(|a| *a >= 0.0));
        }
    }

    #[test]
    fn transmittance_is_the_same_from_both_sides((stack, angle_deg) in any_stack()) {
        let Ok(reversed) = stack.reversed() else { return Ok(()) };
        let s = stack.in_plane_index(angle_deg);
        for (there, back) in stack.power(s).iter().zip(reversed.power(s)) {
            prop_assert!((there.transmittance - back.transmittance).abs() < 1e-12);
        }
    }
}

/// Emitters among dielectrics, absorbers and metals, on glass or not.
fn any_emitter_stack() -> impl Strategy<Value = EmitterStack> {
    let index = || {
        prop_oneof![
            (1.3..2.4f64).prop_map(|n| (n, 0.0)),
            (1.3..2.4f64, -6.0..-0.5f64).prop_map(|(n, log_k)| (n, 10f64.powf(log_k))),
            (0.1..1.5f64, 3.0..7.0f64),
        ]
    };
    let layer = move || (index(), 5.0..150.0f64).prop_map(|((n, k), nm)| Layer::new(n, k, nm));
    let outer = || {
        prop_oneof![
            Just(Outer::endless(1.0)),
            (1.0..2.4f64).prop_map(|n| Outer::substrate(n, 1.0)),
            Just(Outer::endless(Complex64::new(0.93, 6.33))),
        ]
    };
    let side = move || prop::collection::vec(layer(), 0..4);
    (side(), side(), outer(), outer(), 1.3..2.4f64, 10.0..200.0f64).prop_map(|(above, below, front, back, n_e, nm)| {
        let emitter = above.len();
        let mut layers = above;
        layers.push(Layer::new(n_e, 0.02, nm));
        layers.extend(below);
        EmitterStack { wavelength_nm: 530.0, front, layers, emitter, back }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn dipoles_lose_what_the_media_take(stack in any_emitter_stack(), position in 0.1..0.9f64) {
        let dipole = stack.dipole(position).unwrap();
        let (powers, along_one_path, layers) = (dipole.powers(), dipole.purcell(), dipole.layer_powers());
        for (of, purcell, layers) in
            [(powers.perp, along_one_path.perp, layers.perp), (powers.par, along_one_path.par, layers.par)]
        {
            prop_assert!((of.purcell / purcell - 1.0).abs() < 1e-9, "{of:?} {purcell}");
            if layers.total_at_once() == 0.0 {
                continue;
            }
            let missing = 1.0 - (of.radiated[0] + of.radiated[1] + layers.total_at_once()) / purcell;
            prop_assert!(missing.abs() < 1e-6, "{missing:e} {of:?} {layers:?}");
        }
    }
}

/// The partner: leaving a layer's absorptance out, or turning an absorbing stack, is seen.
#[test]
fn the_balance_can_fail() {
    let layers = [Layer::new(2.1, 1e-6, 30.0), Layer::new(0.93, 6.33, 20.0)];
    let stack = Stack::new(530.0, 1.0, &layers, 1.52.into()).unwrap();
    let of = stack.response_at_angle(40.0, Polarisation::P);
    assert!((of.reflectance + of.transmittance + of.absorptance[1] - 1.0).abs() > 1e-12);
    let s = stack.in_plane_index(40.0);
    assert!((stack.power(s)[0].reflectance - stack.reversed().unwrap().power(s)[0].reflectance).abs() > 1e-3);
}

#[test]
fn thick_slab_between_packets() {
    let face =
        |packet: &Stack, s: f64, pol: usize| Face::new(packet.power(s)[pol], packet.reversed().unwrap().power(s)[pol]);
    let front = Stack::new(530.0, 1.0, &[Layer::new(1.38, 0.0, 96.0)], 1.52.into()).unwrap();
    let back = Stack::new(530.0, 1.0, &[Layer::new(0.93, 6.33, 8.0)], 1.52.into()).unwrap();
    for pol in 0..2 {
        let of = incoherent_slab(face(&front, 0.5, pol), face(&back, 0.5, pol), 0.3);
        let absorbed = of.absorbed_in_slab + of.absorbed_in_faces[0] + of.absorbed_in_faces[1];
        assert!((of.reflectance + of.transmittance + absorbed - 1.0).abs() < 1e-14);
        assert!(of.absorbed_in_faces[0].abs() < 1e-14 && of.absorbed_in_faces[1] > 0.1);
    }
    // a bare slab at normal incidence: 2 n / (n^2 + 1)
    let bare = Stack::new(530.0, 1.0, &[], 1.52.into()).unwrap();
    let of = incoherent_slab(face(&bare, 0.0, 0), face(&bare, 0.0, 0), 0.0);
    assert!((of.transmittance - 2.0 * 1.52 / (1.52f64.powi(2) + 1.0)).abs() < 1e-14);
}

fn lossless() -> EmitterStack {
    EmitterStack {
        wavelength_nm: 530.0,
        front: Outer::endless(1.0),
        layers: vec![Layer::new(1.7, 0.0, 60.0), Layer::new(2.0, 0.0, 80.0), Layer::new(1.38, 0.0, 90.0)],
        emitter: 1,
        back: Outer::substrate(1.52, 1.0),
    }
}

fn led() -> EmitterStack {
    EmitterStack {
        wavelength_nm: 530.0,
        front: Outer::endless(1.0),
        layers: vec![
            Layer::new(0.93, 6.33, 100.0),
            Layer::new(1.73, 0.0, 40.0),
            Layer::new(2.1, 0.05, 30.0),
            Layer::new(1.75, 0.0, 30.0),
            Layer::new(1.9, 0.01, 100.0),
        ],
        emitter: 2,
        back: Outer::substrate(1.52, 1.0),
    }
}

/// Far fields integrate to what is radiated; what is lost below the light line of a lossless stack is radiated.
#[test]
fn a_lossless_stack_closes() {
    let dipole = lossless().dipole(0.3).unwrap();
    let powers = dipole.powers();
    for (of, purcell) in [(powers.perp, dipole.purcell().perp), (powers.par, dipole.purcell().par)] {
        assert!(of.absorbed().abs() < 1e-9 && of.plasmon.abs() < 1e-9, "{of:?}");
        assert!((of.below_light_line + of.guided + of.plasmon - purcell).abs() < 1e-9);
    }
    assert!(powers.par.guided > 0.01);
    let u_per_angle = 1.52 / 2.0;
    for angle_deg in [5.0, 30.0, 50.0, 80.0f64] {
        // K = K_b + K_t at each u; per steradian, K is I 2 pi sin(theta) dtheta/du
        let u = u_per_angle * angle_deg.to_radians().sin();
        let k = dipole.dissipation(u);
        let [s, p] = dipole.far_field(Side::Back, Beyond::Layers, 1.0, angle_deg);
        let to_k = std::f64::consts::TAU * angle_deg.to_radians().tan() / u_per_angle;
        let up_deg = (2.0 * u).asin().to_degrees();
        let [up_s, up_p] =
            if 2.0 * u < 1.0 { dipole.far_field(Side::Front, Beyond::Layers, 1.0, up_deg) } else { [0.0; 2] };
        let up_to_k = if 2.0 * u < 1.0 { std::f64::consts::TAU * up_deg.to_radians().tan() / 0.5 } else { 0.0 };
        assert!((s * to_k + up_s * up_to_k - k.par_s).abs() < 1e-12 * k.par_s);
        assert!((p * to_k + up_p * up_to_k - k.par_p).abs() < 1e-12 * k.par_p);
        assert!((s * to_k - k.par_s).abs() > 1e-3 * k.par_s || 2.0 * u > 1.0);
    }
}

#[test]
fn far_field_integrates_to_what_escapes() {
    let dipole = led().dipole(0.5).unwrap();
    let of = dipole.powers().mix(ISOTROPIC);
    for (beyond, expected) in [(Beyond::Layers, of.radiated[1]), (Beyond::Substrate, of.escaped[1])] {
        let sum: f64 = gauss_legendre(200)
            .iter()
            .map(|(x, weight)| {
                let angle = x * std::f64::consts::FRAC_PI_2;
                let [s, p] = dipole.far_field(Side::Back, beyond, ISOTROPIC, angle.to_degrees());
                weight * std::f64::consts::FRAC_PI_2 * std::f64::consts::TAU * angle.sin() * (s + p)
            })
            .sum();
        assert!((sum - expected).abs() < 1e-5, "{beyond:?} {sum} {expected}");
    }
}

#[test]
fn power_is_radiated_or_absorbed_in_some_layer() {
    let dipole = led().dipole(0.5).unwrap();
    let (powers, layers) = (dipole.powers().mix(ISOTROPIC), dipole.layer_powers().mix(ISOTROPIC));
    let radiated = powers.radiated[0] + powers.radiated[1];
    let missing = powers.purcell - radiated - layers.total_at_once();
    assert!(missing.abs() < 1e-8, "{missing:e}");
    assert!(layers.at_once(0) > 0.05 && layers.at_once(4) > 0.01 && layers.at_once(1) == 0.0);
    // what the substrate sends back leaves by the top or is absorbed (endless in the plane)
    let returned: f64 = layers.after_substrate.iter().sum();
    assert!((returned - powers.substrate(Side::Back)).abs() < 1e-5, "{returned} {powers:?}");
}

/// What transport asks of a dipole is less work, and the same numbers; only light in the substrate is left to it.
#[test]
fn a_budget_of_the_first_pass_is_part_of_the_whole() {
    for position in [0.1, 0.5] {
        let whole = led().dipole(position).unwrap();
        let first = led().dipole(position).unwrap().on_first_pass();
        let lost = first.lost(f64::INFINITY).mix(ISOTROPIC);
        let (powers, layers) = first.propagating_budget(ISOTROPIC, &lost).unwrap();
        let (all, by_layer) = whole.budget(ISOTROPIC).unwrap();
        assert_eq!((powers.purcell, powers.guided, powers.plasmon), (all.purcell, all.guided, all.plasmon));
        assert!((powers.radiated[1] - all.radiated[1]).abs() < 1e-9 * all.radiated[1]);
        for (layer, (part, of)) in layers.propagating.iter().zip(&by_layer.propagating).enumerate() {
            assert!((part - of).abs() < 1e-8, "{layer}: {part} {of}");
        }
        let below_one = first.lost(1.0).mix(ISOTROPIC);
        assert!(below_one.guided == lost.guided && below_one.plasmon == 0.0 && lost.plasmon > 0.01);
        // partners: near fields and returning light are there to be left out
        assert!(layers.evanescent.iter().sum::<f64>() == 0.0 && by_layer.evanescent.iter().sum::<f64>() > 0.01);
        assert!(layers.after_substrate.iter().sum::<f64>() == 0.0 && by_layer.after_substrate[0] > 0.01);
        assert!(powers.escaped == powers.radiated && all.escaped[1] < 0.9 * all.radiated[1]);
    }
}

/// Guided light ends in the layer that absorbs, however weakly; where none does it is in no layer's account.
#[test]
fn guided_light_is_taken_by_the_weakest_absorber() {
    for (k, taken) in [(1e-3, true), (1e-6, true), (1e-9, true), (0.0, false)] {
        let mut stack = lossless();
        stack.layers[0].index.im = k;
        let dipole = stack.dipole(0.3).unwrap();
        let (of, layers) = (dipole.powers().par, dipole.layer_powers().par);
        assert!(of.guided > 0.01);
        let guided = layers.total_at_once() - of.absorbed();
        let lost = of.guided + of.plasmon;
        assert!((guided - if taken { lost } else { 0.0 }).abs() < 1e-6 * of.guided, "{k} {guided} {of:?}");
        let modes = dipole.narrow_modes();
        assert_eq!(modes.len(), usize::from(taken), "{modes:?}");
        // a mode is narrow in proportion to the absorption
        assert!(modes.iter().all(|mode| mode.half_width < 2.0 * k && mode.half_width > 1e-3 * k));
    }
}

#[test]
fn recycling_keeps_every_photon() {
    let stack = led();
    let of = |spacer_nm| stack.recycling(0.5, ISOTROPIC, spacer_nm).unwrap();
    let (half, default, twice) = (of(2.5), of(5.0), of(10.0));
    assert!(half.p_a > default.p_a && default.p_a > twice.p_a && twice.p_a > 0.01, "{half:?} {default:?} {twice:?}");
    // the slab takes absorber away in proportion to its thickness, where light crosses it evenly
    assert!((half.p_a / default.p_a - 25.0 / 20.0).abs() < 0.1, "{half:?} {default:?}");
    let clear = EmitterStack {
        layers: stack
            .layers
            .iter()
            .map(|l| Layer { index: if l.index.re == 2.1 { 2.1.into() } else { l.index }, ..*l })
            .collect(),
        ..stack.clone()
    };
    let none = clear.recycling(0.5, ISOTROPIC, 5.0).unwrap();
    let powers = clear.dipole(0.5).unwrap().powers().mix(ISOTROPIC).fractions();
    assert!(none.p_a == 0.0 && (none.p_out[1] - powers.escaped[1]).abs() < 1e-9);
    assert!(none.p_out[1] > default.p_out[1]);
    // light from the glass meets the whole layer, whatever the slab; a layer without absorption takes none of it
    let from_glass = [half, default, twice].map(|of| of.p_a_substrate);
    assert!(from_glass[1] > 0.02 && none.p_a_substrate == 0.0, "{from_glass:?}");
    assert!(from_glass.iter().all(|share| (share / from_glass[1] - 1.0).abs() < 0.03), "{from_glass:?}");
    // all emit and all is taken back or out: with no other loss every excitation would end outside
    assert!(default.yield_by(Side::Back, 1.0, true) > default.yield_by(Side::Back, 1.0, false));
    assert!((effective_plqy(0.5, 2.0) - 2.0 / 3.0).abs() < 1e-15 && (effective_plqy(1.0, 0.3) - 1.0).abs() < 1e-15);
}

/// What waves do beside an emitter layer is worked out once for all places in it: to the bit what each place gives alone.
#[test]
fn places_in_one_layer_are_each_as_one_alone() {
    let stack = led();
    let places = stack.places(4);
    let mut seen = Vec::new();
    for position in [0.05, 0.3, 0.5, 0.95] {
        let (alone, among) = (stack.dipole(position).unwrap(), places.dipole(position).unwrap());
        assert_eq!((alone.powers(), alone.layer_powers()), (among.powers(), among.layer_powers()));
        // near a face the slab about the dipole is cut there, and no layer of the emitter's own is left on that side
        let (alone, among) =
            (stack.in_slab(position, 5.0).unwrap().dipole, places.in_slab(position, 5.0).unwrap().dipole);
        assert_eq!((alone.powers(), alone.layer_powers()), (among.powers(), among.layer_powers()));
        assert_eq!(alone.narrow_modes(), among.narrow_modes());
        seen.push(among.powers());
    }
    // partner: another place
    assert!(seen.windows(2).all(|pair| pair[0] != pair[1]));
}

/// Waves between `u = 1` and the light line of a glass denser than the emitter layer are light, too.
#[test]
fn light_of_a_denser_glass_is_all_counted() {
    for index in [1.52, 2.05, 2.15, 2.6] {
        let absorbing = EmitterStack { back: Outer::substrate(index, 1.0), ..led() };
        let mut clear = absorbing.clone();
        clear.layers[2].index = 2.1.into();
        let dipole = clear.dipole(0.5).unwrap();
        assert_eq!(dipole.light_line() > 1.0, index > 2.1);
        let none = clear.recycling(0.5, ISOTROPIC, 5.0).unwrap();
        let escaped = dipole.powers().mix(ISOTROPIC).fractions().escaped[1];
        assert!((none.p_out[1] - escaped).abs() < 1e-9, "{index}: {none:?} {escaped}");
        // what the layers of absorption take of far fields is all that is missing
        let lost = dipole.lost(f64::INFINITY).mix(ISOTROPIC);
        let (powers, layers) = dipole.propagating_budget(ISOTROPIC, &lost).unwrap();
        let taken: f64 = layers.below_light_line.iter().sum();
        assert!(taken > 0.01 && (powers.absorbed() - taken).abs() < 1e-4 * powers.purcell, "{index}: {powers:?}");
        // light that the emitter takes and loses does not get out
        assert!(absorbing.recycling(0.5, ISOTROPIC, 5.0).unwrap().p_out[1] < none.p_out[1], "{index}");
    }
}

#[test]
fn dipoles_are_refused_by_name() {
    let at = |change: fn(&mut EmitterStack), position| {
        let mut stack = led();
        change(&mut stack);
        stack.dipole(position).map(|_| ())
    };
    assert_eq!(at(|_| (), 0.5), Ok(()));
    assert_eq!(at(|_| (), 1.5), Err(DipoleError::Position(1.5)));
    assert!(matches!(at(|_| (), f64::NAN), Err(DipoleError::Position(_))));
    assert!(matches!(at(|stack| stack.emitter = 0, 0.5), Err(DipoleError::Metal { .. })));
    assert!(matches!(at(|stack| stack.emitter = 9, 0.5), Err(DipoleError::NoLayer { .. })));
    assert!(matches!(at(|stack| stack.layers[1].thickness_nm = 0.0, 0.5), Err(DipoleError::Stack(_))));
    assert!(matches!(at(|stack| stack.layers[1].index.im = -0.1, 0.5), Err(DipoleError::Stack(_))));
    assert!(matches!(at(|stack| stack.layers[1].index = Complex64::new(1.0, 2.0), 0.0), Err(DipoleError::OnAbsorber)));
    assert!(matches!(at(|stack| stack.wavelength_nm = f64::NAN, 0.5), Err(DipoleError::Stack(_))));
}
