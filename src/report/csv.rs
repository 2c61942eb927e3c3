//! The tables that `--out` writes. Histogram tables need counts kept with detail.

use csv::Writer;

use super::Run;
use crate::compile::absorbers;
use crate::counts::{
    ANGLE_BINS, DEPTH_BINS, DEPTH_KINDS, EMISSION_BINS, FACES, Fate, Layout, RADIUS_BINS, radius_bin_um,
};
use crate::outcome::Estimate;

/// File names and contents of all tables.
///
/// # Errors
/// None that text in memory can cause; the csv crate's, if any.
pub fn tables(run: &Run) -> Result<Vec<(&'static str, Vec<u8>)>, csv::Error> {
    let mut tables = vec![("fates.csv", fates(run)?), ("quantities.csv", quantities(run)?)];
    if run.counts.layout.detail {
        tables.extend([
            ("spectra.csv", spectra(run)?),
            ("angles.csv", angles(run)?),
            ("emissions_per_photon.csv", emissions_per_photon(run)?),
            ("depth.csv", depth(run)?),
            ("radius.csv", radius(run)?),
        ]);
    }
    Ok(tables)
}

type Row = Vec<String>;

fn table(header: Row, rows: impl IntoIterator<Item = Row>) -> Result<Vec<u8>, csv::Error> {
    let mut writer = Writer::from_writer(Vec::new());
    writer.write_record(header)?;
    for row in rows {
        writer.write_record(row)?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// An empty cell where there is no meaning.
fn cell(value: Option<f64>) -> String {
    value.map_or(String::new(), |value| value.to_string())
}

/// Columns `pump_front` to `emission_edge`, each with an ending.
fn ways(ending: &str) -> Row {
    let light = ["pump", "emission"];
    light.iter().flat_map(|light| FACES.map(|face| format!("{light}_{face}{ending}"))).collect()
}

/// A histogram's counts in a bin, in the order of [`ways`].
fn way_counts(run: &Run, word: impl Fn(&Layout, bool, usize) -> usize) -> Vec<u64> {
    let layout = &run.counts.layout;
    let ways = [false, true].into_iter().flat_map(|emission| (0..FACES.len()).map(move |face| (emission, face)));
    ways.map(|(emission, face)| run.counts.words[word(layout, emission, face)]).collect()
}

/// What one photon that left by each of [`ways`] is of those launched: 1 / N, or what makes its way's share the one that is
/// expected.
fn share_of_one(run: &Run) -> Vec<f64> {
    let ways = run.outcome.fates.0.iter().zip(&run.outcome.fate_shares.0).take(2 * FACES.len());
    let one =
        |((_, count), (_, share)): (&(_, u64), &(_, Estimate))| share.value.unwrap_or(0.0) / (*count).max(1) as f64;
    ways.map(one).collect()
}

fn fates(run: &Run) -> Result<Vec<u8>, csv::Error> {
    let rows = run.outcome.fates.0.iter().zip(&run.outcome.fate_shares.0);
    let rows = rows.map(|((key, count), (_, share))| vec![key.to_string(), count.to_string(), cell(share.value)]);
    table(["fate", "photons", "per_launched"].map(String::from).to_vec(), rows)
}

fn quantities(run: &Run) -> Result<Vec<u8>, csv::Error> {
    let rows = run.outcome.quantities.0.iter();
    let rows = rows.map(|(key, estimate)| vec![key.to_string(), cell(estimate.value), cell(estimate.se)]);
    table(["quantity", "value", "se"].map(String::from).to_vec(), rows)
}

/// Photons per nm and launched photon, in bins of 1 nm that start at `wavelength_nm`.
fn spectra(run: &Run) -> Result<Vec<u8>, csv::Error> {
    let (layout, one) = (run.counts.layout, share_of_one(run));
    let rows = (0..layout.spectrum_bins).map(|bin| {
        let counts = way_counts(run, |layout, emission, face| layout.spectrum(emission, face, bin));
        let wavelength_nm = (layout.first_bin_nm as usize + bin).to_string();
        let per_nm = counts.iter().zip(&one).map(|(n, one)| (*n as f64 * one).to_string());
        std::iter::once(wavelength_nm).chain(per_nm).collect()
    });
    table([vec!["wavelength_nm".to_string()], ways("_per_nm")].concat(), rows)
}

/// Photons in bins of cos(theta) outside, and per steradian and launched photon.
fn angles(run: &Run) -> Result<Vec<u8>, csv::Error> {
    let (steradian, one) = (2.0 * std::f64::consts::PI / ANGLE_BINS as f64, share_of_one(run));
    let rows = (0..ANGLE_BINS).map(|bin| {
        let counts = way_counts(run, |layout, emission, face| layout.angle(emission, face, bin));
        let edges = [bin, bin + 1].map(|edge| (edge as f64 / ANGLE_BINS as f64).to_string());
        let per_sr = counts.iter().zip(&one).map(|(n, one)| (*n as f64 * one / steradian).to_string());
        edges.into_iter().chain(counts.iter().map(u64::to_string)).chain(per_sr).collect()
    });
    let edges = ["cos_theta_from", "cos_theta_to"].map(String::from).to_vec();
    table([edges, ways("_photons"), ways("_per_sr")].concat(), rows)
}

/// Photons by how often they were emitted, up to the last number that occurs.
fn emissions_per_photon(run: &Run) -> Result<Vec<u8>, csv::Error> {
    let counts = |emissions: usize| {
        Fate::ALL.map(|fate| run.counts.emissions(fate, emissions)) //
    };
    let last = (0..EMISSION_BINS).rfind(|n| counts(*n).iter().any(|count| *count > 0)).unwrap_or(0);
    let rows = (0..=last).map(|n| {
        let label = if n == EMISSION_BINS - 1 { format!(">={n}") } else { n.to_string() };
        std::iter::once(label).chain(counts(n).iter().map(u64::to_string)).collect()
    });
    let fates = Fate::ALL.iter().map(|fate| fate.key().to_string());
    table(std::iter::once("emissions".to_string()).chain(fates).collect(), rows)
}

/// Absorptions by depth below the layer's first face: events, which emitters can have several of.
fn depth(run: &Run) -> Result<Vec<u8>, csv::Error> {
    // how deep in a coherent layer waves are absorbed is not kept
    let slabs = run.scene.layers.iter().zip(absorbers(run.scene)).filter(|(layer, _)| !layer.coherent);
    let rows = slabs.flat_map(|(layer, slab)| {
        (0..DEPTH_BINS).map(move |bin| {
            let edge_um = |bin: usize| (bin as f64 * layer.thickness_um / DEPTH_BINS as f64).to_string();
            let absorbed = (0..DEPTH_KINDS.len())
                .map(|kind| run.counts.words[run.counts.layout.depth(slab, kind, bin)].to_string());
            [layer.name.clone(), edge_um(bin), edge_um(bin + 1)].into_iter().chain(absorbed).collect()
        })
    });
    table(["layer", "from_um", "to_um"].into_iter().chain(DEPTH_KINDS).map(String::from).collect(), rows)
}

/// Photons by distance from the axis where they left; the last bin has no outer edge.
fn radius(run: &Run) -> Result<Vec<u8>, csv::Error> {
    let rows = (0..RADIUS_BINS).map(|bin| {
        let (from, to) = radius_bin_um(bin);
        let counts = way_counts(run, |layout, emission, face| layout.radius(emission, face, bin));
        let edges = [from.to_string(), cell(Some(to).filter(|to| to.is_finite()))];
        edges.into_iter().chain(counts.iter().map(u64::to_string)).collect()
    });
    table([["from_um", "to_um"].map(String::from).to_vec(), ways("_photons")].concat(), rows)
}
