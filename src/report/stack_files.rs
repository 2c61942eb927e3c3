//! Tables of a stack in files.

use super::stack::BUDGET;
use crate::stack::{Emission, ModeMap, Optics, StackReport};

/// What the files of a stack are written from.
#[derive(Debug, Clone)]
pub struct StackFiles<'a> {
    pub report: &'a StackReport,
    /// Over the visible wavelengths.
    pub spectra: &'a [Optics],
    pub map: Option<&'a ModeMap>,
}

/// File names and contents.
///
/// # Errors
/// What the CSV writer refuses.
pub fn tables(files: &StackFiles) -> Result<Vec<(&'static str, Vec<u8>)>, csv::Error> {
    let mut list = vec![("optics.csv", optics(files.spectra)?)];
    if let Some(dipole) = &files.report.dipole {
        list.push(("budget.csv", budget(dipole)?));
        list.push(("far_field.csv", far_field(dipole)?));
        list.push(("emission.csv", emission(dipole)?));
    }
    if let Some(map) = files.map {
        list.push(("dispersion.csv", dispersion(map)?));
    }
    Ok(list)
}

fn table(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(head)?;
    for row in rows {
        writer.write_record(row)?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

/// A row for each share: reflectance, transmittance, and absorptance by layer.
fn optics(spectra: &[Optics]) -> Result<Vec<u8>, csv::Error> {
    let rows = spectra.iter().flat_map(|at| {
        let powers = [("reflectance", "", at.reflectance), ("transmittance", "", at.transmittance)];
        let absorbed = at.absorptance.0.iter().map(|(name, share)| ("absorptance", &**name, *share));
        let rows = powers.into_iter().chain(absorbed).map(|(what, layer, share)| {
            let polarisation = at.polarisation.to_owned();
            let [nm, deg, share] = [at.wavelength_nm, at.angle_deg, share].map(|number| number.to_string());
            vec![at.packet[0].clone(), nm, deg, polarisation, what.to_owned(), layer.to_owned(), share]
        });
        rows.collect::<Vec<_>>()
    });
    table(&["first_layer", "wavelength_nm", "angle_deg", "polarisation", "quantity", "layer", "share"], rows)
}

fn budget(dipole: &Emission) -> Result<Vec<u8>, csv::Error> {
    let modes =
        BUDGET.iter().map(|mode| vec!["mode".to_owned(), mode.name.to_owned(), (mode.share)(dipole).to_string()]);
    let layers = dipole.by_layer.0.iter();
    let layers = layers.map(|(name, share)| vec!["absorbed by layer".to_owned(), name.to_string(), share.to_string()]);
    table(&["kind", "name", "share"], modes.chain(layers))
}

fn far_field(dipole: &Emission) -> Result<Vec<u8>, csv::Error> {
    let rows =
        dipole.far_field.iter().map(|at| [at.angle_deg, at.s, at.p, at.lambertian].map(|x| x.to_string()).to_vec());
    table(&["angle_deg", "s_per_sr", "p_per_sr", "lambertian_per_sr"], rows)
}

fn emission(dipole: &Emission) -> Result<Vec<u8>, csv::Error> {
    let rows = dipole.spectrum.iter();
    let rows = rows.map(|at| [at.wavelength_nm, at.share, at.purcell, at.air].map(|x| x.to_string()).to_vec());
    table(&["wavelength_nm", "share", "purcell", "air"], rows)
}

fn dispersion(map: &ModeMap) -> Result<Vec<u8>, csv::Error> {
    let rows = map.wavelength_nm.iter().zip(&map.k).flat_map(|(nm, row)| {
        map.u.iter().zip(row).map(move |(u, k)| [*nm, *u, *k].map(|x| x.to_string()).to_vec()) //
    });
    table(&["wavelength_nm", "u", "k"], rows)
}
