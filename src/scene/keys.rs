//! The keys that each table of a scene takes, and what a wrong one was meant to be.

/// The keys of one kind of table.
#[derive(Debug)]
pub(super) struct Keys {
    pub known: &'static [&'static str],
    /// Other words people use: (written, the key meant, or a phrase that says what to do).
    aliases: &'static [(&'static str, &'static str)],
}

impl Keys {
    const fn of(known: &'static [&'static str]) -> Self {
        Keys { known, aliases: &[] }
    }
}

pub(super) const SCENE: Keys = Keys {
    known: &["schema", "title", "polarisation", "recycling", "output", "front", "back", "source", "layer", "extent"],
    aliases: &[("layers", "layer"), ("polarization", "polarisation"), ("name", "title"), ("version", "schema")],
};
pub(super) const OUTER: Keys = Keys { known: &["index", "reflector"], aliases: &[("n", "index")] };
pub(super) const REFLECTOR: Keys = Keys::of(&["kind", "reflectance", "gap"]);
pub(super) const SOURCE: Keys = Keys {
    known: &[
        "kind",
        "wavelength_nm",
        "spectrum",
        "angle_deg",
        "spot",
        "layer",
        "emitter",
        "charge_balance",
        "current_density_ma_per_cm2",
    ],
    aliases: &[("type", "kind"), ("peak_nm", "write spectrum = { peak_nm, fwhm_nm }")],
};
pub(super) const SPOT: Keys = Keys { known: &["radius_mm"], aliases: &[("diameter_mm", "radius_mm")] };
pub(super) const LAYER: Keys = Keys {
    known: &[
        "name",
        "thickness_um",
        "thickness_nm",
        "thickness_mm",
        "index",
        "effective_index",
        "density_g_per_cm3",
        "absorption_per_cm",
        "od_per_cm",
        "scattering",
        "emitter",
        "coherent",
    ],
    aliases: &[("n", "index"), ("material", "index"), ("emitters", "emitter"), ("scatterer", "scattering")],
};
pub(super) const SCATTERING: Keys =
    Keys { known: &["kind", "mu_s_per_cm", "g"], aliases: &[("anisotropy", "g"), ("mu_per_cm", "mu_s_per_cm")] };
pub(super) const EMITTER: Keys = Keys {
    known: &["name", "plqy", "absorption", "emission", "lifetime_ns", "dipole"],
    aliases: &[
        ("qy", "plqy"),
        ("eta", "plqy"),
        ("absorption_per_cm", "absorption"),
        ("spectrum", "emission"),
        ("concentration_wt_pct", "it goes with material = \"...\""),
    ],
};
/// An emitter of the library.
pub(super) const SHORT_EMITTER: Keys = Keys {
    known: &[
        "name",
        "material",
        "concentration_wt_pct",
        "plqy",
        "core_mass_fraction",
        "shell_density_g_per_cm3",
        "stokes_mev",
        "urbach_mev",
        "peak_nm",
        "fwhm_nm",
        "mu_i_450_per_cm",
        "haze_per_cm_at_20_wt_pct",
        "haze_constant_per_cm",
        "haze_g",
        "lifetime_ns",
        "rescale_host_index",
        "dipole",
    ],
    aliases: &[
        ("qy", "plqy"),
        ("eta", "plqy"),
        ("wt_pct", "concentration_wt_pct"),
        ("absorption", "the material brings it; change it with mu_i_450_per_cm, stokes_mev or urbach_mev"),
        ("emission", "the material brings it; change it with peak_nm or fwhm_nm"),
    ],
};
pub(super) const DIPOLE: Keys = Keys {
    known: &["position", "orientation", "spacer_nm"],
    aliases: &[("horizontal", "write orientation = { horizontal = ... }"), ("depth", "position")],
};
pub(super) const ORIENTATION: Keys = Keys::of(&["horizontal"]);
pub(super) const ZONE: Keys =
    Keys { known: &["share", "weight"], aliases: &[("position", "share"), ("value", "weight")] };
pub(super) const EXTENT: Keys = Keys {
    known: &["width_mm", "depth_mm", "edges", "index"],
    aliases: &[("edge", "edges"), ("length_mm", "depth_mm"), ("n", "index")],
};
pub(super) const VALUES: Keys = Keys::of(&["wavelength_nm", "value", "file", "scale", "extrapolate"]);
pub(super) const ABSORPTION: Keys = Keys {
    known: &["wavelength_nm", "per_cm", "od_per_cm", "file", "unit", "scale", "extrapolate"],
    aliases: &[("value", "per_cm"), ("absorption_per_cm", "per_cm"), ("concentration", "scale"), ("factor", "scale")],
};
pub(super) const INDEX: Keys = Keys {
    known: &["n", "k", "wavelength_nm", "file", "material", "extrapolate"],
    aliases: &[("value", "n"), ("index", "n")],
};
pub(super) const SPECTRUM: Keys = Keys {
    known: &["peak_nm", "fwhm_nm", "axis", "wavelength_nm", "value", "line_nm", "file"],
    aliases: &[("center_nm", "peak_nm"), ("centre_nm", "peak_nm"), ("width_nm", "fwhm_nm"), ("intensity", "value")],
};

/// Units that end a key, longest first where one ends another.
const UNITS: &[&str] = &[
    "_g_per_cm3",
    "_kg_per_m3",
    "_ma_per_cm2",
    "_per_cm",
    "_per_mm",
    "_per_um",
    "_per_nm",
    "_per_m",
    "_wt_pct",
    "_vol_pct",
    "_pct",
    "_percent",
    "_um",
    "_nm",
    "_mm",
    "_cm",
    "_m",
    "_deg",
    "_rad",
    "_mev",
    "_ev",
    "_ns",
    "_us",
    "_ps",
    "_s",
];

fn stem(key: &str) -> &str {
    UNITS.iter().find_map(|unit| key.strip_suffix(unit)).unwrap_or(key)
}

/// The message for a key that no table of this kind takes.
pub(super) fn what_was_meant(key: &str, keys: &Keys) -> String {
    let unknown = format!("unknown key '{key}'");
    let lower = key.to_lowercase().replace('-', "_");
    if let Some(known) = keys.known.iter().find(|known| **known == lower) {
        return format!("{unknown}; did you mean '{known}'?");
    }
    if let Some((_, meant)) = keys.aliases.iter().find(|(alias, _)| *alias == lower) {
        return if meant.contains(' ') {
            format!("{unknown}; {meant}")
        } else {
            format!("{unknown}; did you mean '{meant}'?")
        };
    }
    let other_units: Vec<_> =
        keys.known.iter().filter(|known| stem(known) == stem(&lower) && stem(known) != **known).copied().collect();
    if !other_units.is_empty() {
        return format!("{unknown}; the unit is part of the key: {}", other_units.join(" or "));
    }
    match nearest(&lower, keys.known.iter().copied()) {
        Some(known) => format!("{unknown}; did you mean '{known}'?"),
        None => format!("{unknown}; known here: {}", keys.known.join(", ")),
    }
}

/// The name most like a written one, if any is much like it.
pub(super) fn nearest<'a>(written: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    const ALIKE: f64 = 0.82;
    names
        .map(|name| (strsim::jaro_winkler(written, name), name))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}
