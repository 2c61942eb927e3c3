//! Quantities that depend on wavelength ([`Curve`]) and photon-number spectra ([`Spectrum`]), in f64.

mod grid;

use std::sync::Arc;

pub use grid::{Grid, Key, Values};

/// A function of the vacuum wavelength that something outside this module evaluates
/// (a dispersion formula, an absorption edge model, an effective medium).
pub trait Model: std::fmt::Debug + Send + Sync {
    /// The value at a wavelength inside [`Model::range_nm`].
    fn at(&self, wavelength_nm: f64) -> f64;
    /// The wavelengths for which the model is stated, in nm.
    fn range_nm(&self) -> (f64, f64);

    /// All that the values depend on, if they are worth remembering.
    fn key(&self) -> Option<Key> {
        None
    }

    /// The values on a grid, to the bit those of [`Model::at`].
    fn on(&self, grid: &Grid) -> Values {
        grid::of_model(self, grid)
    }
}

/// A quantity that depends on the vacuum wavelength. What it is, and its unit, is its owner's to say.
#[derive(Debug, Clone)]
pub enum Curve {
    Constant(f64),
    Table(Table),
    Model(Arc<dyn Model>),
    Scaled(f64, Box<Curve>),
}

impl Curve {
    /// The value at a wavelength. Outside [`Curve::range_nm`] tables continue flat.
    pub fn at(&self, wavelength_nm: f64) -> f64 {
        match self {
            Curve::Constant(value) => *value,
            Curve::Table(table) => table.at(wavelength_nm),
            Curve::Model(model) => model.at(wavelength_nm),
            Curve::Scaled(factor, curve) => factor * curve.at(wavelength_nm),
        }
    }

    /// The wavelengths in nm for which the curve may be asked.
    pub fn range_nm(&self) -> (f64, f64) {
        match self {
            Curve::Constant(_) => (0.0, f64::INFINITY),
            Curve::Table(table) if table.flat_outside => (0.0, f64::INFINITY),
            Curve::Table(table) => table.span_nm(),
            Curve::Model(model) => model.range_nm(),
            Curve::Scaled(_, curve) => curve.range_nm(),
        }
    }

    /// Wavelengths in nm at which the curve jumps: a table lists them twice.
    pub fn steps_nm(&self) -> Vec<f64> {
        match self {
            Curve::Table(table) => table.steps_nm(),
            Curve::Scaled(_, curve) => curve.steps_nm(),
            Curve::Constant(_) | Curve::Model(_) => Vec::new(),
        }
    }
}

/// Points joined by straight lines. A wavelength listed twice is a step.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    wavelength_nm: Vec<f64>,
    value: Vec<f64>,
    /// Whether the end values hold outside the table (`extrapolate = "flat"`).
    pub flat_outside: bool,
}

/// Each cuts every spectrum of the scene.
const MOST_STEPS: usize = 100;

/// Why a list of points is no table. Points are counted from 1.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TableError {
    #[error("has no points")]
    Empty,
    #[error("has {wavelengths} wavelengths but {values} values")]
    Lengths { wavelengths: usize, values: usize },
    #[error("point {0} is not a finite number")]
    NotFinite(usize),
    #[error("wavelengths must rise; point {0} ({1} nm) comes after a longer one")]
    Unsorted(usize, f64),
    #[error("wavelength {0} nm is listed more than twice")]
    TripleStep(f64),
    #[error("has {0} steps (wavelengths listed twice); at most {MOST_STEPS} are taken")]
    Steps(usize),
    #[error("wavelengths must be positive, point {0} is {1} nm")]
    NotPositive(usize, f64),
}

impl Table {
    /// Points in rising order of wavelength (nm); a wavelength may stand twice, not three times.
    pub fn new(wavelength_nm: Vec<f64>, value: Vec<f64>, flat_outside: bool) -> Result<Self, TableError> {
        if wavelength_nm.len() != value.len() {
            return Err(TableError::Lengths { wavelengths: wavelength_nm.len(), values: value.len() });
        }
        if wavelength_nm.is_empty() {
            return Err(TableError::Empty);
        }
        for (i, (w, v)) in wavelength_nm.iter().zip(&value).enumerate() {
            if !w.is_finite() || !v.is_finite() {
                return Err(TableError::NotFinite(i + 1));
            }
            if *w <= 0.0 {
                return Err(TableError::NotPositive(i + 1, *w));
            }
            if i > 0 && *w < wavelength_nm[i - 1] {
                return Err(TableError::Unsorted(i + 1, *w));
            }
            if i > 1 && *w == wavelength_nm[i - 2] {
                return Err(TableError::TripleStep(*w));
            }
        }
        let table = Self { wavelength_nm, value, flat_outside };
        match table.steps_nm().len() {
            steps if steps > MOST_STEPS => Err(TableError::Steps(steps)),
            _ => Ok(table),
        }
    }

    /// Its points between two wavelengths, both excluded.
    fn wavelengths_between(&self, from_nm: f64, to_nm: f64) -> &[f64] {
        let first = self.wavelength_nm.partition_point(|nm| *nm <= from_nm);
        let end = self.wavelength_nm.partition_point(|nm| *nm < to_nm);
        &self.wavelength_nm[first..end.max(first)]
    }

    /// Its values times a factor.
    pub fn scaled(mut self, factor: f64) -> Self {
        self.value.iter_mut().for_each(|value| *value *= factor);
        self
    }

    pub fn at(&self, wavelength_nm: f64) -> f64 {
        let right = self.wavelength_nm.partition_point(|w| *w <= wavelength_nm);
        if right == 0 {
            return self.value[0];
        }
        if right == self.wavelength_nm.len() {
            return self.value[right - 1];
        }
        let (w0, w1) = (self.wavelength_nm[right - 1], self.wavelength_nm[right]);
        let (v0, v1) = (self.value[right - 1], self.value[right]);
        v0 + (v1 - v0) * (wavelength_nm - w0) / (w1 - w0)
    }

    /// First and last wavelength in nm.
    pub fn span_nm(&self) -> (f64, f64) {
        (self.wavelength_nm[0], *self.wavelength_nm.last().expect("a table has points"))
    }

    pub fn steps_nm(&self) -> Vec<f64> {
        self.wavelength_nm.windows(2).filter(|w| w[0] == w[1]).map(|w| w[0]).collect()
    }

    pub fn points(&self) -> impl ExactSizeIterator<Item = (f64, f64)> + '_ {
        self.wavelength_nm.iter().copied().zip(self.value.iter().copied())
    }
}

/// hc in eV nm (CODATA 2018, exact).
pub const HC_EV_NM: f64 = 1_239.841_984_332_002_6;

/// Gaussians are cut at this many standard deviations and renormalised.
const GAUSSIAN_CUT: f64 = 5.0;

/// A photon-number spectrum: photons per nm, area 1.
#[derive(Debug, Clone, PartialEq)]
pub enum Spectrum {
    /// One wavelength, in nm.
    Line(f64),
    /// A Gaussian in wavelength; `fwhm_nm` is its full width at half maximum.
    GaussianInWavelength { peak_nm: f64, fwhm_nm: f64 },
    /// A Gaussian in photon energy (photons per eV) centred at hc / `peak_nm`, of the width in energy
    /// that `fwhm_nm` has there: `hc fwhm / peak^2`.
    GaussianInEnergy { peak_nm: f64, fwhm_nm: f64 },
    /// Photons per nm between points; 0 outside. Need not be normalised.
    Table(Table),
}

/// One wavelength that stands for a cell of a spectrum, and the share of photons in that cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpectralNode {
    pub wavelength_nm: f64,
    pub share: f64,
}

fn fwhm_to_sigma(fwhm: f64) -> f64 {
    fwhm / (8.0 * std::f64::consts::LN_2).sqrt()
}

impl Spectrum {
    /// The mean wavelength of its photons in nm; of a Gaussian in energy its peak, which is near it.
    pub fn mean_nm(&self) -> f64 {
        match self {
            Spectrum::Line(nm) => *nm,
            Spectrum::GaussianInWavelength { peak_nm, .. } | Spectrum::GaussianInEnergy { peak_nm, .. } => *peak_nm,
            Spectrum::Table(table) => {
                let points: Vec<_> = table.points().collect();
                let parts = points.windows(2).map(|pair| {
                    let ((a, at_a), (b, at_b)) = (pair[0], pair[1]);
                    let width = b - a;
                    (width / 2.0 * (at_a + at_b), width / 6.0 * (at_a * (2.0 * a + b) + at_b * (a + 2.0 * b)))
                });
                let (area, moment) = parts.fold((0.0, 0.0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
                moment / area
            }
        }
    }

    /// First and last wavelength in nm that the spectrum can give.
    pub fn support_nm(&self) -> (f64, f64) {
        match self {
            Spectrum::Line(wavelength_nm) => (*wavelength_nm, *wavelength_nm),
            Spectrum::GaussianInWavelength { peak_nm, fwhm_nm } => {
                let reach = GAUSSIAN_CUT * fwhm_to_sigma(*fwhm_nm);
                ((peak_nm - reach).max(1.0), peak_nm + reach)
            }
            Spectrum::GaussianInEnergy { peak_nm, fwhm_nm } => {
                let reach_ev = GAUSSIAN_CUT * fwhm_to_sigma(HC_EV_NM * fwhm_nm / (peak_nm * peak_nm));
                let peak_ev = HC_EV_NM / peak_nm;
                (HC_EV_NM / (peak_ev + reach_ev), HC_EV_NM / (peak_ev - reach_ev).max(1e-2 * peak_ev))
            }
            Spectrum::Table(table) => table.span_nm(),
        }
    }

    /// Photons per nm, not normalised; 0 outside the support.
    pub fn density(&self, wavelength_nm: f64) -> f64 {
        let (low, high) = self.support_nm();
        if wavelength_nm < low || wavelength_nm > high {
            return 0.0;
        }
        match self {
            Spectrum::Line(_) => 1.0,
            Spectrum::GaussianInWavelength { peak_nm, fwhm_nm } => {
                let x = (wavelength_nm - peak_nm) / fwhm_to_sigma(*fwhm_nm);
                (-0.5 * x * x).exp()
            }
            Spectrum::GaussianInEnergy { peak_nm, fwhm_nm } => {
                let sigma_ev = fwhm_to_sigma(HC_EV_NM * fwhm_nm / (peak_nm * peak_nm));
                let x = (HC_EV_NM / wavelength_nm - HC_EV_NM / peak_nm) / sigma_ev;
                (-0.5 * x * x).exp() * (peak_nm / wavelength_nm).powi(2)
            }
            Spectrum::Table(table) => table.at(wavelength_nm),
        }
    }

    /// All that the spectrum depends on.
    pub fn bits(&self) -> Vec<u64> {
        let (kind, numbers) = match self {
            Spectrum::Line(wavelength_nm) => (0, vec![*wavelength_nm]),
            Spectrum::GaussianInWavelength { peak_nm, fwhm_nm } => (1, vec![*peak_nm, *fwhm_nm]),
            Spectrum::GaussianInEnergy { peak_nm, fwhm_nm } => (2, vec![*peak_nm, *fwhm_nm]),
            Spectrum::Table(table) => (3, table.points().flat_map(|(nm, value)| [nm, value]).collect()),
        };
        [kind].into_iter().chain(numbers.into_iter().map(f64::to_bits)).collect()
    }

    /// The spectrum as a list of wavelengths with shares that sum to 1, at most about 2000, mostly some 500.
    ///
    /// The support is cut into cells a power of two of a nm wide (so that cells never straddle a 1 nm
    /// bin, up to a support of 2048 nm), and at `steps_nm`, where some coefficient jumps. Each node is its cell's mean
    /// wavelength.
    pub fn nodes(&self, steps_nm: &[f64]) -> Vec<SpectralNode> {
        if let Spectrum::Line(wavelength_nm) = self {
            return vec![SpectralNode { wavelength_nm: *wavelength_nm, share: 1.0 }];
        }
        let cells: Vec<_> = self.cells(steps_nm).into_iter().filter(|cell| cell.share > 0.0).collect();
        let total: f64 = cells.iter().map(|cell| cell.share).sum();
        cells.into_iter().map(|cell| SpectralNode { share: cell.share / total, ..cell }).collect()
    }

    fn cells(&self, steps_nm: &[f64]) -> Vec<SpectralNode> {
        let (low, high) = self.support_nm();
        let width = cell_width_nm(high - low);
        let mut edges = vec![low, high];
        edges.extend((1..).map(|i| ((low / width).floor() + i as f64) * width).take_while(|edge| *edge < high));
        edges.extend(steps_nm.iter().copied().filter(|step| *step > low && *step < high));
        edges.sort_by(f64::total_cmp);
        edges.dedup();
        edges.windows(2).map(|edge| self.cell(edge[0], edge[1])).collect()
    }

    /// Share (not normalised) and mean wavelength of one cell: of a table all between two points taken together.
    fn cell(&self, from_nm: f64, to_nm: f64) -> SpectralNode {
        let Spectrum::Table(table) = self else { return self.smooth_cell(from_nm, to_nm) };
        let inside = table.wavelengths_between(from_nm, to_nm).iter().copied();
        let mut ends = inside.chain([to_nm]);
        let mut from = ends.next().unwrap_or(to_nm);
        let mut all = self.smooth_cell(from_nm, from);
        for to in ends {
            let part = self.smooth_cell(from, to);
            let share = all.share + part.share;
            if share > 0.0 {
                all.wavelength_nm += (part.wavelength_nm - all.wavelength_nm) * part.share / share;
            }
            all.share = share;
            from = to;
        }
        all
    }

    /// A cell in which the density is smooth, by five-point Gauss-Legendre quadrature.
    fn smooth_cell(&self, from_nm: f64, to_nm: f64) -> SpectralNode {
        const NODES: [(f64, f64); 5] = [
            (0.0, 0.568_888_888_888_888_9),
            (0.538_469_310_105_683_1, 0.478_628_670_499_366_47),
            (-0.538_469_310_105_683_1, 0.478_628_670_499_366_47),
            (0.906_179_845_938_664, 0.236_926_885_056_189_08),
            (-0.906_179_845_938_664, 0.236_926_885_056_189_08),
        ];
        let (middle, half) = (0.5 * (from_nm + to_nm), 0.5 * (to_nm - from_nm));
        let (mut share, mut moment) = (0.0, 0.0);
        for (x, weight) in NODES {
            let photons = weight * half * self.density(middle + half * x);
            share += photons;
            moment += photons * x;
        }
        let offset = if share > 0.0 { moment / share } else { 0.0 };
        SpectralNode { wavelength_nm: middle + half * offset, share }
    }
}

/// A power of two of a nm that cuts a support into 256 to 512 cells; or 1 nm where that takes more, up to 2048.
fn cell_width_nm(support_nm: f64) -> f64 {
    let power_of_two = |nm: f64| nm.log2().floor().exp2();
    let width = power_of_two(support_nm / 256.0).clamp(2f64.powi(-10), 1.0);
    if support_nm > 2048.0 { power_of_two(support_nm / 1024.0) } else { width }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_taken_from_the_right() {
        let table = Table::new(vec![500.0, 600.0, 600.0, 700.0], vec![20.0, 20.0, 0.0, 0.0], false).unwrap();
        assert_eq!((table.at(599.999), table.at(600.0)), (20.0, 0.0));
        assert_eq!(table.steps_nm(), [600.0]);
    }

    #[test]
    fn nodes_keep_area_and_mean() {
        let gaussian = Spectrum::GaussianInWavelength { peak_nm: 530.0, fwhm_nm: 20.0 };
        let nodes = gaussian.nodes(&[]);
        let area: f64 = nodes.iter().map(|node| node.share).sum();
        let mean: f64 = nodes.iter().map(|node| node.share * node.wavelength_nm).sum();
        let variance: f64 = nodes.iter().map(|node| node.share * (node.wavelength_nm - mean).powi(2)).sum();
        assert!((area - 1.0).abs() < 1e-12 && (mean - 530.0).abs() < 1e-9);
        assert!((variance.sqrt() / fwhm_to_sigma(20.0) - 1.0).abs() < 1e-4);
    }

    /// However finely a spectrum was measured: as few nodes, of the same area and mean.
    #[test]
    fn many_points_make_no_more_nodes() {
        let table = |points: usize, reach_nm: f64| {
            let nm = |i: usize| 400.0 + reach_nm * i as f64 / (points - 1) as f64;
            let value = |nm: f64| 2.0 + (0.1 * nm).sin();
            let nm: Vec<_> = (0..points).map(nm).collect();
            let values = nm.iter().map(|nm| value(*nm)).collect();
            Spectrum::Table(Table::new(nm, values, false).unwrap())
        };
        for (points, reach_nm, most) in [(50_000, 100.0, 402), (300, 100.0, 402), (30_000, 9000.0, 2250)] {
            let spectrum = table(points, reach_nm);
            let nodes = spectrum.nodes(&[450.3]);
            assert!(nodes.len() <= most, "{points} points: {}", nodes.len());
            assert!(nodes.windows(2).all(|pair| pair[0].wavelength_nm < pair[1].wavelength_nm));
            let mean: f64 = nodes.iter().map(|node| node.share * node.wavelength_nm).sum();
            assert!((mean - spectrum.mean_nm()).abs() < 1e-6, "{points} points: {mean}");
        }
    }

    #[test]
    fn a_table_of_nothing_but_steps_is_refused() {
        let nm: Vec<_> = (0..300).map(|i| 400.0 + f64::from(i / 2)).collect();
        assert_eq!(Table::new(nm, vec![1.0; 300], false), Err(TableError::Steps(150)));
    }

    #[test]
    fn bad_points_are_named() {
        assert_eq!(Table::new(vec![], vec![], false), Err(TableError::Empty));
        assert_eq!(Table::new(vec![500.0, 400.0], vec![1.0, 1.0], false), Err(TableError::Unsorted(2, 400.0)));
        assert_eq!(Table::new(vec![500.0], vec![f64::NAN], false), Err(TableError::NotFinite(1)));
    }
}
