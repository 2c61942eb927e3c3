//! Refractive indices: a number, a material's name, `{ n, k }`, a table, or a file.

use std::sync::Arc;

use super::curves;
use super::files::Files;
use super::keys::{INDEX, nearest};
use super::ranges::{HOLD_MATERIAL, WIDER_TABLE};
use super::reader::{Limits, Reader};
use super::tree::{Node, Value};
use crate::material::{self, OpticalConstants};
use crate::spectrum::{Curve, Key, Model};

/// A refractive index as the scene gives it.
pub(super) struct Index {
    pub n: Curve,
    pub k: Option<Curve>,
    /// Density of the library's material.
    pub density_g_per_cm3: Option<f64>,
}

impl Index {
    pub fn number(n: f64) -> Self {
        Index { n: Curve::Constant(n), k: None, density_g_per_cm3: None }
    }
}

/// What travels in a medium: rays need an index of at least 1, waves pass through metals too.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Light {
    Rays,
    Waves,
}

impl Light {
    fn limits(self) -> Limits {
        match self {
            Light::Rays => Limits::INDEX,
            Light::Waves => Limits::COHERENT_INDEX,
        }
    }
}

/// The index under a key; files are sought beside the scene.
pub(super) fn read(owner: &Reader, key: &str, light: Light, files: &Files) -> Option<Index> {
    let node = owner.get(key)?;
    let index = match &node.value {
        Value::Text(name) => of_material(owner, node, key, name)?,
        Value::Table(_) => of_table(&owner.enter(node, key, &INDEX)?, light, files)?,
        _ => Index::number(owner.number_in(node, key, light.limits())?),
    };
    let remedy = if node.text().is_some() { HOLD_MATERIAL } else { WIDER_TABLE };
    let stated = |what: String, curve: &Curve| match light {
        Light::Rays => owner.log.stated(&node.place, what, curve, remedy),
        Light::Waves => owner.log.stated_in_waves(&node.place, what, curve, remedy),
    };
    stated(format!("{}{key}", owner.context), &index.n);
    if let Some(k) = &index.k {
        stated(format!("{}{key}: k", owner.context), k);
    }
    Some(index)
}

/// The index of a half-space: transparent, so that k is refused where written and left out where found.
pub(super) fn read_transparent(owner: &Reader, key: &str, files: &Files) -> Option<Curve> {
    let node = owner.get(key)?;
    let index = read(owner, key, Light::Rays, files)?;
    if node.get("k").is_some() {
        owner.problem(&node.place, format_args!("{key}: this medium is taken as transparent; leave out k"));
    } else if index.k.is_some() {
        owner.log.note(format!("{}{key}: k is left out, the medium is taken as transparent", owner.context));
    }
    Some(index.n)
}

fn of_material(owner: &Reader, node: &Node, label: &str, name: &str) -> Option<Index> {
    let Some(medium) = material::medium(name) else {
        let names = material::medium_names();
        let hint = match nearest(name, names.iter().copied()) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => format!("the library has {}", names.join(", ")),
        };
        owner.problem(&node.place, format_args!("{label}: no material \"{name}\"; {hint}"));
        return None;
    };
    if let Some(why) = &medium.estimate {
        owner.log.note([&owner.context, label, " \"", name, "\" is an estimate: ", why].concat());
    }
    let OpticalConstants { n, k } = medium.optical.clone();
    Some(Index { n, k, density_g_per_cm3: medium.density_g_per_cm3 })
}

fn of_table(table: &Reader, light: Light, files: &Files) -> Option<Index> {
    const FORMS: &str = "give one of n, material, file, or wavelength_nm with n";
    match (table.has("material"), table.has("file"), table.has("wavelength_nm")) {
        (true, false, false) => {
            table.refuse(&["n", "k"], "stands beside a material, which brings its own");
            let index = of_material(table, table.get("material")?, "material", table.text("material")?)?;
            held(table, index)
        }
        (false, true, false) => {
            table.refuse(&["n", "k"], "stands beside a file, which brings its own");
            let file = table.text("file")?;
            match &*files.optical_constants(file) {
                Ok(OpticalConstants { n, k }) => {
                    held(table, Index { n: n.clone(), k: k.clone(), density_g_per_cm3: None })
                }
                Err(error) => {
                    table.problem(table.place, error);
                    None
                }
            }
        }
        (false, false, true) => {
            let n = curves::points(table, "n", light.limits());
            let k =
                if table.has("k") { Some(Curve::Table(curves::points(table, "k", Limits::EXTINCTION)?)) } else { None };
            Some(Index { n: Curve::Table(n?), k, density_g_per_cm3: None })
        }
        (false, false, false) => {
            table.refuse(&["extrapolate"], "is for tables, materials and files");
            let n = table.required_number("n", light.limits())?;
            let k = table.number("k", Limits::EXTINCTION).map(Curve::Constant);
            Some(Index { n: Curve::Constant(n), k, density_g_per_cm3: None })
        }
        _ => {
            table.problem(table.place, FORMS);
            None
        }
    }
}

/// With `extrapolate = "flat"`, the end values hold outside the range that the material is stated for.
fn held(table: &Reader, index: Index) -> Option<Index> {
    if !curves::flat_outside(table)? {
        return Some(index);
    }
    let hold = |curve: Curve| Curve::Model(Arc::new(Held(curve)));
    Some(Index { n: hold(index.n), k: index.k.map(hold), ..index })
}

/// A curve whose end values hold outside its range.
#[derive(Debug)]
struct Held(Curve);

impl Model for Held {
    fn at(&self, wavelength_nm: f64) -> f64 {
        let (low, high) = self.0.range_nm();
        self.0.at(wavelength_nm.clamp(low, high))
    }

    fn range_nm(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }

    fn key(&self) -> Option<Key> {
        let (low, high) = self.0.range_nm();
        Some(Key::of::<Self>([low, high]).around(self.0.key()?))
    }
}
