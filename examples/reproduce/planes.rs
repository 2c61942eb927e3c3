//! EQY over two keys at a time.

use std::fmt::Write;

use relume::engine::{DeviceInfo, DeviceKind};
use relume::report::sweep_plot::pictures;
use relume::sweep::{Best, DesignRow, Launched, Scale, SweepResult, VariedKey};

use crate::study::{Change, SEED, SHELL, clear_hosts, run};
use crate::written;

const PHOTONS: u64 = 30_000;

/// One key of a plane.
struct Side {
    key: &'static str,
    scale: Scale,
    values: Vec<f64>,
}

/// The section and its maps.
pub fn planes() -> anyhow::Result<(String, Vec<(String, String)>)> {
    let e = "layer.film.emitter.mapbbr3_hs";
    let internal = Side {
        key: "plqy",
        scale: Scale::Linear,
        values: (0..13).map(|i| f64::from(i).mul_add(0.025, 0.7)).map(rounded).collect(),
    };
    let stokes =
        Side { key: "stokes_mev", scale: Scale::Linear, values: (0..9).map(|i| f64::from(i) * 12.5 + 20.0).collect() };
    let loading = Side { key: "concentration_wt_pct", scale: Scale::Log, values: steps(1.0, 40.0, 14) };
    let thickness = Side { key: "thickness_um", scale: Scale::Log, values: steps(5.0, 200.0, 13) };
    let mut out = String::from("## Two keys at a time\n\nThe shell film, with resin and PET taken as clear.\n\n");
    let mut plots = Vec::new();
    let planes = [
        ("plane_plqy_stokes.svg", "EQY over internal PLQY and Stokes shift, 20 wt%", internal, stokes, e),
        ("plane_concentration_thickness.svg", "EQY over concentration and thickness", loading, thickness, "layer.film"),
    ];
    for (file, caption, x, y, y_of) in planes {
        let keys = [format!("{e}.{}", x.key), format!("{}.{}", y_of, y.key)];
        let result = sweep(keys, &x, &y)?;
        let best = result.best.as_ref();
        if let Some((_, svg)) = pictures(&result)?.plots.into_iter().find(|(name, _)| name == "map_eqy.svg") {
            plots.push((file.to_string(), svg));
        }
        writeln!(out, "![{caption}](reproduction/{file})\n")?;
        if let Some(best) = best {
            let values = &result.rows[best.row].values;
            writeln!(
                out,
                "{caption}: largest of {} designs at {} = {}, {} = {}: {}. {PHOTONS} photons a design.\n",
                result.rows.len(),
                x.key,
                values[0],
                y.key,
                values[1],
                written(best.estimate)
            )?;
        }
    }
    out.push_str(
        "A Stokes shift matters little where the internal PLQY is near 1, and much where it is not: at 0.8 every reabsorption costs a fifth. \
         Thickness and concentration trade for each other until the film absorbs the blue light, and from there more of either only adds \
         recycling; the optimum is a broad ridge, not a point.\n\n",
    );
    Ok((out, plots))
}

fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

/// Even steps of the logarithm, to three digits.
fn steps(from: f64, to: f64, points: usize) -> Vec<f64> {
    let step = (to / from).ln() / (points - 1) as f64;
    let values = (0..points).map(|i| from * (step * i as f64).exp());
    values.map(|value| format!("{value:.3}").parse().unwrap_or(value)).collect()
}

fn sweep(keys: [String; 2], x: &Side, y: &Side) -> anyhow::Result<SweepResult> {
    let places: Vec<(f64, f64)> = x.values.iter().flat_map(|x| y.values.iter().map(move |y| (*x, *y))).collect();
    let designs = places.iter().map(|(x, y)| {
        let own: [Change; 2] = [(&keys[0], x.to_string()), (&keys[1], y.to_string())];
        SHELL.with(&[&clear_hosts()[..], &own].concat())
    });
    let outcomes = run(&designs.collect::<Result<Vec<_>, _>>()?, PHOTONS, SEED)?;
    let rows: Vec<_> = places
        .iter()
        .zip(outcomes)
        .map(|((x, y), outcome)| DesignRow {
            values: vec![x.to_string(), y.to_string()],
            photons: outcome.photons,
            quantities: outcome.quantities,
            reweighted: false,
            reached: true,
        })
        .collect();
    let eqy = |row: usize| rows[row].quantity("eqy").value.unwrap_or(0.0);
    let best = (0..rows.len()).max_by(|a, b| eqy(*a).total_cmp(&eqy(*b)));
    let best =
        best.map(|row| Best { quantity: "eqy".into(), row, estimate: rows[row].quantity("eqy"), ties: Vec::new() });
    Ok(SweepResult {
        interrupted: false,
        title: String::new(),
        scene_hash: String::new(),
        launched: Some(Launched {
            seed: SEED,
            stratified: false,
            device: DeviceInfo { name: String::new(), backend: "cpu".into(), kind: DeviceKind::Cpu },
            photons: PHOTONS * rows.len() as u64,
        }),
        settings: Vec::new(),
        planned: rows.len(),
        keys: keys.into_iter().zip([x.scale, y.scale]).map(|(key, scale)| VariedKey { key, scale }).collect(),
        rows,
        best,
        notes: Vec::new(),
        seconds: 0.0,
    })
}
