//! A nanocrystal emitter of the library: its parameters with their sources, and what a film of it absorbs.

use serde_json::{Value, json};

use super::materials::{line, paragraph};
use crate::material::{Nanocrystal, effective_index, medium};

/// The host and the film that the conversion table is made for.
const HOST: &str = "siloxane";
const FILM_UM: f64 = 50.0;
const CONCENTRATIONS_WT_PCT: [f64; 5] = [1.0, 5.0, 10.0, 20.0, 40.0];

const HOW: [&str; 8] = [
    "core volume fraction f = (w x / rho_core) / (w x / rho_core + w (1 - x) / rho_shell + (1 - w) / rho_host), with w the \
     weighed particles' share and x = core_mass_fraction; the shell has the host's density unless one is given",
    "absorption = f mu_i, base e; mu_i is stated for one host and moved to another by (n1 / n2) |f_LF2|^2 / |f_LF1|^2 at each \
     wavelength (Z. Hens and I. Moreels, J. Mater. Chem. 22, 10406 (2012))",
    "mu_i from 470 nm on: five excitons and the Sommerfeld continuum, exciton at the emission peak plus stokes_mev, gap \
     exciton_binding_mev above it, broadened by a sech so that the tail is exp(E / urbach_mev); normalised at 450 nm. Below 450 \
     nm: the bulk crystal's shape. Stated for 350 to 850 nm",
    "blue_shape: ln(mu_i / mu_i(450 nm)) = c1 x + c2 x^2, x in eV above 450 nm; from 450 to 470 nm a linear blend",
    "core_index: n^2 = a - b ln sqrt((E - E_0)^2 + width^2) + c E, energies in eV, E_0 below the exciton",
    "effective index: Maxwell Garnett with real indices",
    "haze at core volume fraction f: haze_constant + haze_at_20_wt_pct f / f(20 wt%)",
    "absorptance = (1 - R)(1 - exp(-mu d)), normal incidence from air, single pass, without scattering",
];

/// What a film of the particles in the host does.
struct Film {
    wt_pct: f64,
    volume_fraction: f64,
    absorption_450_per_cm: f64,
    absorption_530_per_cm: f64,
    index_450: f64,
    absorptance_450: f64,
}

fn films(particles: &Nanocrystal) -> Vec<Film> {
    const CM_PER_UM: f64 = 1e-4;
    let Some(host) = medium(HOST) else { return Vec::new() };
    let Some(density) = host.density_g_per_cm3 else { return Vec::new() };
    let film = |wt_pct: f64| {
        let dispersed = particles.disperse(wt_pct, &host.optical.n, density).ok()?;
        let absorption_450_per_cm = dispersed.absorption_per_cm.at(450.0);
        let index_450 =
            effective_index(&host.optical.n, &[(dispersed.volume_fraction, dispersed.core_index)]).at(450.0);
        let reflectance = ((index_450 - 1.0) / (index_450 + 1.0)).powi(2);
        Some(Film {
            wt_pct,
            volume_fraction: dispersed.volume_fraction,
            absorption_450_per_cm,
            absorption_530_per_cm: dispersed.absorption_per_cm.at(530.0),
            index_450,
            absorptance_450: (1.0 - reflectance) * -(-absorption_450_per_cm * FILM_UM * CM_PER_UM).exp_m1(),
        })
    };
    CONCENTRATIONS_WT_PCT.into_iter().filter_map(film).collect()
}

fn unit(quantity: &str) -> &'static str {
    match quantity {
        _ if quantity.ends_with("_nm") => "nm",
        _ if quantity.ends_with("_mev") => "meV",
        _ if quantity.ends_with("_g_per_cm3") => "g/cm3",
        _ if quantity.ends_with("_per_cm") || quantity.ends_with("_wt_pct") => "1/cm",
        _ if quantity.ends_with("_ns") => "ns",
        _ => "",
    }
}

pub(super) fn text(particles: &Nanocrystal) -> String {
    let mut text = format!("{}: {}\n\n", particles.name, particles.title);
    for (quantity, source, is_estimate) in &*particles.sources {
        let value = match quantity.as_str() {
            "blue_shape" => format!("{:?} per eV, per eV^2", particles.blue_shape),
            "core_index" => {
                let i = particles.core_index;
                format!(
                    "a {}, b {}, c {}/eV, E_0 {} meV below, width {} meV",
                    i.a, i.b, i.c, i.below_exciton_mev, i.width_mev
                )
            }
            _ => format!("{} {}", particles.value(quantity).unwrap_or(f64::NAN), unit(quantity)),
        };
        let mark = if *is_estimate { "   ESTIMATE" } else { "" };
        line(&mut text, format_args!("{quantity:<25} {value}{mark}"));
        paragraph(&mut text, "    ", source);
    }
    text.push_str(&format!("\nIn {HOST}, film of {FILM_UM} um:\n\n"));
    line(
        &mut text,
        format_args!(
            "{:>5} {:>10} {:>14} {:>14} {:>10} {:>12}",
            "wt%", "core vol.", "mu(450) 1/cm", "mu(530) 1/cm", "n(450)", "A(450)"
        ),
    );
    for film in films(particles) {
        line(
            &mut text,
            format_args!(
                "{:>5} {:>10.5} {:>14.2} {:>14.3} {:>10.4} {:>12.4}",
                film.wt_pct,
                film.volume_fraction,
                film.absorption_450_per_cm,
                film.absorption_530_per_cm,
                film.index_450,
                film.absorptance_450
            ),
        );
    }
    text.push_str("\nHow the numbers are formed:\n\n");
    for how in HOW {
        paragraph(&mut text, "- ", how);
    }
    text
}

pub(super) fn json(particles: &Nanocrystal) -> Value {
    let parameters: serde_json::Map<_, _> = particles
        .sources
        .iter()
        .map(|(quantity, source, is_estimate)| {
            let i = particles.core_index;
            let value = match quantity.as_str() {
                "blue_shape" => json!(particles.blue_shape),
                "core_index" => json!({ "a": i.a, "b": i.b, "c_per_ev": i.c, "below_exciton_mev": i.below_exciton_mev,
                                        "width_mev": i.width_mev }),
                _ => json!(particles.value(quantity)),
            };
            (
                quantity.clone(),
                json!({ "value": value, "unit": unit(quantity), "source": source, "estimate": is_estimate }),
            )
        })
        .collect();
    let films: Vec<_> = films(particles)
        .iter()
        .map(|film| {
            json!({ "concentration_wt_pct": film.wt_pct, "volume_fraction": film.volume_fraction,
                    "absorption_450_per_cm": film.absorption_450_per_cm,
                    "absorption_530_per_cm": film.absorption_530_per_cm, "effective_index_450": film.index_450,
                    "absorptance_450": film.absorptance_450 })
        })
        .collect();
    json!({ "name": particles.name, "title": particles.title, "kind": "nanocrystal", "parameters": parameters,
            "films": { "host": HOST, "thickness_um": FILM_UM, "rows": films }, "how": HOW })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::material::nanocrystal;

    /// Absorptances of a 50 um film with a host index of 1.56 throughout; the resin's own index differs a little.
    #[test]
    fn the_conversion_table_agrees_with_a_separate_one() {
        let films = films(&nanocrystal("mapbbr3_hs").expect("it is in the library"));
        for (film, absorptance) in films.iter().zip([0.30772, 0.82023, 0.93395, 0.94897, 0.94568]) {
            assert!((film.absorptance_450 - absorptance).abs() < 6e-3, "{} wt%: {}", film.wt_pct, film.absorptance_450);
        }
        assert_eq!(films.len(), 5);
    }
}
