//! From the key of a scene to the title of an axis.

use crate::scene::key_parts;

/// Endings of keys and the units they mean, the longest first.
const UNITS: [(&str, &str); 15] = [
    ("_ma_per_cm2", "mA cm⁻²"),
    ("_g_per_cm3", "g cm⁻³"),
    ("_per_cm", "cm⁻¹"),
    ("_wt_pct", "wt%"),
    ("_pct", "%"),
    ("_mev", "meV"),
    ("_deg", "°"),
    ("_ev", "eV"),
    ("_um", "µm"),
    ("_nm", "nm"),
    ("_mm", "mm"),
    ("_cm", "cm"),
    ("_ns", "ns"),
    ("_m2", "m²"),
    ("_c", "°C"),
];

/// Names that are not their words with spaces.
const NAMES: [(&str, &str); 6] = [
    ("plqy", "PLQY"),
    ("mu_s", "µₛ"),
    ("mu_i_450", "absorption at 450 nm"),
    ("stokes", "Stokes shift"),
    ("urbach", "Urbach energy"),
    ("fwhm", "FWHM"),
];

/// The title of an axis: `layer.film.thickness_um` gives `film thickness / µm`.
pub fn key_title(key: &str) -> String {
    let parts = key_parts(key);
    let Some((last, around)) = parts.split_last() else { return key.to_string() };
    // An emitter's name says enough without its layer's.
    let around = match around {
        [layer, _, emitter, rest @ ..] if layer == "layer" && emitter == "emitter" => rest,
        [layer, rest @ ..] if layer == "layer" => rest,
        all => all,
    };
    let (name, unit) = name_and_unit(last);
    let mut words: Vec<String> = around.iter().map(|part| part.to_string()).collect();
    words.push(name);
    let title = words.join(" ");
    if unit.is_empty() { title } else { format!("{title} / {unit}") }
}

fn name_and_unit(part: &str) -> (String, &'static str) {
    // A unit in the middle belongs to what stands before it.
    if part == "haze_per_cm_at_20_wt_pct" {
        return ("haze at 20 wt%".to_string(), "cm⁻¹");
    }
    let (stem, unit) =
        UNITS.iter().find_map(|(ending, unit)| Some((part.strip_suffix(ending)?, *unit))).unwrap_or((part, ""));
    let name = NAMES.iter().find(|(own, _)| *own == stem).map(|(_, name)| (*name).to_string());
    (name.unwrap_or_else(|| stem.replace('_', " ")), unit)
}

#[cfg(test)]
mod tests {
    use super::key_title;

    #[test]
    fn titles_carry_units() {
        for (key, title) in [
            ("layer.film.thickness_um", "film thickness / µm"),
            ("layer.film.emitter.mapbbr3_hs.concentration_wt_pct", "mapbbr3_hs concentration / wt%"),
            ("layer.film.emitter.dots.plqy", "dots PLQY"),
            ("layer.\"a.b\".scattering.mu_s_per_cm", "a.b scattering µₛ / cm⁻¹"),
            ("layer.film.emitter.dots.haze_per_cm_at_20_wt_pct", "dots haze at 20 wt% / cm⁻¹"),
            ("source.angle_deg", "source angle / °"),
            ("recycling", "recycling"),
            ("", ""),
        ] {
            assert_eq!(key_title(key), title, "{key}");
        }
    }
}
