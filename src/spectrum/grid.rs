//! Curves at many wavelengths at once, as the tables of a design ask for them.

use std::any::TypeId;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};

use super::{Curve, Model, Table};
use crate::memo::Memo;

/// Wavelengths at which curves are asked for.
#[derive(Debug)]
pub struct Grid {
    pub wavelength_nm: Vec<f64>,
    /// Names a grid that will be asked for again; what curves are there is remembered.
    number: Option<u64>,
}

impl Grid {
    /// A grid of one use.
    pub fn of(wavelength_nm: Vec<f64>) -> Self {
        Self { wavelength_nm, number: None }
    }

    /// A grid of many uses.
    pub fn lasting(wavelength_nm: Vec<f64>) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self { wavelength_nm, number: Some(NEXT.fetch_add(1, Ordering::Relaxed)) }
    }

    /// Names the grid, where it will be asked for again.
    pub fn number(&self) -> Option<u64> {
        self.number
    }

    fn each(&self, value: impl Fn(f64) -> f64) -> Arc<[f64]> {
        self.wavelength_nm.iter().map(|wavelength_nm| value(*wavelength_nm)).collect()
    }
}

/// What a curve is on a grid, by the number of the wavelength.
#[derive(Debug, Clone)]
pub enum Values {
    Constant(f64),
    Each(Arc<[f64]>),
}

impl Values {
    pub fn at(&self, number: usize) -> f64 {
        match self {
            Values::Constant(value) => *value,
            Values::Each(values) => values[number],
        }
    }

    /// A function of the values of several curves at each wavelength of a grid.
    pub fn by(grid: &Grid, value: impl Fn(usize) -> f64) -> Self {
        Values::Each((0..grid.wavelength_nm.len()).map(value).collect())
    }
}

/// All that the values of a model depend on: what kinds of models it is made of, and their numbers in bits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    kinds: Vec<TypeId>,
    numbers: Vec<u64>,
}

impl Key {
    /// Of a kind of model, by its numbers. Where their number varies, it must be one of them.
    pub fn of<M: 'static>(numbers: impl IntoIterator<Item = f64>) -> Self {
        Self { kinds: vec![TypeId::of::<M>()], numbers: numbers.into_iter().map(f64::to_bits).collect() }
    }

    /// Together with that of a model inside this one.
    pub fn around(mut self, inner: Key) -> Self {
        self.kinds.extend(inner.kinds);
        self.numbers.extend(inner.numbers);
        self
    }
}

/// What a model is on a grid; remembered where both will be asked for again.
pub(super) fn of_model<M: Model + ?Sized>(model: &M, grid: &Grid) -> Values {
    static KNOWN: LazyLock<Memo<(Key, u64), [f64]>> = LazyLock::new(Memo::default);
    let make = || grid.each(|wavelength_nm| model.at(wavelength_nm));
    Values::Each(match grid.number.and_then(|number| Some((model.key()?, number))) {
        Some(key) => KNOWN.get(key, make),
        None => make(),
    })
}

impl Curve {
    /// The curve at each wavelength of a grid, to the bit what [`Curve::at`] gives.
    pub fn on(&self, grid: &Grid) -> Values {
        match self {
            Curve::Constant(value) => Values::Constant(*value),
            Curve::Model(model) => model.on(grid),
            Curve::Table(_) | Curve::Scaled(..) => Values::Each(grid.each(|wavelength_nm| self.at(wavelength_nm))),
        }
    }

    /// As [`Model::key`].
    pub fn key(&self) -> Option<Key> {
        match self {
            Curve::Constant(value) => Some(Key::of::<Curve>([*value])),
            Curve::Model(model) => model.key(),
            Curve::Table(table) => {
                let points = table.points();
                let head = [points.len() as f64, f64::from(u8::from(table.flat_outside))];
                Some(Key::of::<Table>(head.into_iter().chain(points.flat_map(|(nm, value)| [nm, value]))))
            }
            Curve::Scaled(factor, curve) => Some(Key::of::<(f64, Curve)>([*factor]).around(curve.key()?)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene;
    use std::path::Path;

    /// Whether a grid remembers of a curve what the curve is.
    fn agrees(curve: &Curve, grid: &Grid) -> bool {
        let values = curve.on(grid);
        let at = |(number, nm): (usize, &f64)| values.at(number).to_bits() == curve.at(*nm).to_bits();
        grid.wavelength_nm.iter().enumerate().all(at)
    }

    /// Every number that the model of a film depends on, changed by itself: a key that forgot one would give the film
    /// of the change before.
    #[test]
    fn what_is_remembered_is_what_is_asked_for() {
        let grid = Grid::lasting((0..40).map(|i| 440.0 + 5.0 * f64::from(i)).collect());
        let emitter = [
            ("concentration_wt_pct", "10"),
            ("core_mass_fraction", "0.4"),
            ("shell_density_g_per_cm3", "3.0"),
            ("stokes_mev", "50"),
            ("urbach_mev", "25"),
            ("peak_nm", "530"),
            ("mu_i_450_per_cm", "4e4"),
            ("rescale_host_index", "off"),
        ];
        let emitter = emitter.map(|(key, value)| (format!("layer.film.emitter.mapbbr3_hs.{key}"), value));
        let indices = ["pdms", "1.5", "{ material = \"pdms\", extrapolate = \"flat\" }", "{ n = 1.6, k = 1e-6 }"];
        let indices = indices.map(|index| ("layer.film.index".to_string(), index));
        let density = ("layer.film.density_g_per_cm3".to_string(), "1.1".to_string());
        let mut films = 0;
        for (key, value) in [("title".to_string(), "as it is")].into_iter().chain(emitter).chain(indices) {
            let settings = [(key, value.to_string()), density.clone()];
            let scene = scene::load(Path::new("scenes/hs_mapbbr3_film.toml"), &settings).expect("a scene").scene;
            for layer in &scene.layers {
                let absorptions = layer.emitters.iter().map(|emitter| &emitter.absorption_per_cm);
                for curve in absorptions.chain([&layer.index]) {
                    assert!(agrees(curve, &grid), "{settings:?}, {}", layer.name);
                }
            }
            films += 1;
        }
        assert_eq!(films, 13);
    }

    /// A model whose key forgets its number.
    #[derive(Debug)]
    struct Forgetful(f64);

    impl Model for Forgetful {
        fn at(&self, _: f64) -> f64 {
            self.0
        }

        fn range_nm(&self) -> (f64, f64) {
            (0.0, f64::INFINITY)
        }

        fn key(&self) -> Option<Key> {
            Some(Key::of::<Self>([]))
        }
    }

    #[test]
    fn partner_what_is_remembered_is_what_is_asked_for() {
        let grid = Grid::lasting(vec![500.0]);
        assert!(agrees(&Curve::Model(Arc::new(Forgetful(1.0))), &grid));
        assert!(!agrees(&Curve::Model(Arc::new(Forgetful(2.0))), &grid));
        assert!(agrees(&Curve::Model(Arc::new(Forgetful(2.0))), &Grid::of(vec![500.0])), "a grid of one use");
    }
}
