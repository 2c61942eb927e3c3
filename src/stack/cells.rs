//! An emission in few wavelengths, for waves, and in many, for the eye.

use crate::spectrum::{SpectralNode, Spectrum, Table};

/// Share of the photons on each side that the width of cells does not look at.
const TAIL: f64 = 1e-4;

/// Neighbouring nodes of an emission taken together.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cells {
    /// The cells: mean wavelength and share.
    pub cells: Vec<SpectralNode>,
    /// The nodes in them, no wider than 1 nm.
    pub nodes: Vec<SpectralNode>,
}

impl Cells {
    /// At most `count` cells, equally wide where nearly all of the photons are; the first and the last reach to the ends.
    pub fn new(emission: &Spectrum, count: usize) -> Self {
        let nodes = emission.nodes(&[]);
        let (low, high) = (reached(nodes.iter()), reached(nodes.iter().rev()));
        let width = (high - low) / count as f64;
        let number = |nm: f64| if width > 0.0 { (((nm - low) / width) as usize).min(count - 1) } else { 0 };
        let mut cells: Vec<SpectralNode> = Vec::new();
        for of_cell in nodes.chunk_by(|a, b| number(a.wavelength_nm) == number(b.wavelength_nm)) {
            let share: f64 = of_cell.iter().map(|node| node.share).sum();
            let moment: f64 = of_cell.iter().map(|node| node.share * node.wavelength_nm).sum();
            cells.push(SpectralNode { wavelength_nm: moment / share, share });
        }
        Self { cells, nodes }
    }

    /// The mean over all photons of what has these values at the cells: by cells, and by straight lines between them. Where it
    /// bends the first falls short of it by half as much as the second exceeds it.
    pub fn mean(&self, values: impl Iterator<Item = f64> + Clone) -> f64 {
        let by_cells: f64 = self.cells.iter().zip(values.clone()).map(|(cell, value)| cell.share * value).sum();
        let by_lines: f64 = self.weighted(values).iter().map(|(_, share)| share).sum();
        (2.0 * by_cells + by_lines) / 3.0
    }

    /// Photons of every node (nm, share), each share times what `values` of the cells are there, by straight lines between
    /// these.
    pub fn weighted(&self, values: impl Iterator<Item = f64>) -> Vec<(f64, f64)> {
        let nm = self.cells.iter().map(|cell| cell.wavelength_nm).collect();
        let value = Table::new(nm, values.collect(), true).expect("a value for each cell, in rising order");
        self.nodes.iter().map(|node| (node.wavelength_nm, node.share * value.at(node.wavelength_nm))).collect()
    }
}

/// Where the first photons of a spectrum are that are no mere tail, from one of its ends.
fn reached<'a>(nodes: impl Iterator<Item = &'a SpectralNode>) -> f64 {
    let mut passed = 0.0;
    let mut at = f64::NAN;
    for node in nodes {
        passed += node.share;
        at = node.wavelength_nm;
        if passed > TAIL {
            break;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gaussian(low: usize, high: usize) -> Spectrum {
        let nm: Vec<f64> = (low..=high).map(|nm| nm as f64).collect();
        let photons = nm.iter().map(|nm| (-0.5 * ((nm - 690.0) / 13.6f64).powi(2)).exp()).collect();
        Spectrum::Table(Table::new(nm, photons, false).unwrap())
    }

    /// A table that goes on where nothing is left has cells as fine as one that ends there.
    #[test]
    fn cells_are_where_the_photons_are() {
        let [wide, narrow] = [gaussian(300, 1000), gaussian(630, 750)].map(|table| Cells::new(&table, 32));
        let widest = |of: &Cells| {
            let gaps = of.cells.windows(2).map(|pair| pair[1].wavelength_nm - pair[0].wavelength_nm);
            gaps.fold(0.0, f64::max)
        };
        // 7.4 standard deviations in 32 cells; borders are those of nodes, and the last cell has a tail
        let expected = 7.4 * 13.6 / 32.0;
        for of in [&wide, &narrow] {
            assert_eq!(of.cells.len(), 32);
            assert!(widest(of) > expected && widest(of) < 2.0 * expected, "{} {expected}", widest(of));
        }
        let sum: f64 = wide.cells.iter().map(|cell| cell.share).sum();
        assert!((sum - 1.0).abs() < 1e-12);
    }

    /// A steep edge in few cells: the mean comes out as over all nodes, by cells alone it does not.
    #[test]
    fn a_mean_over_few_cells_is_that_over_all_nodes() {
        let cells = Cells::new(&gaussian(630, 750), 16);
        let edge = |nm: f64| 1.0 / (1.0 + ((nm - 680.0) / 5.0).exp());
        let exact: f64 = cells.nodes.iter().map(|node| node.share * edge(node.wavelength_nm)).sum();
        let by_cells: f64 = cells.cells.iter().map(|cell| cell.share * edge(cell.wavelength_nm)).sum();
        let mean = cells.mean(cells.cells.iter().map(|cell| edge(cell.wavelength_nm)));
        let [alone, both] = [by_cells, mean].map(|mean| (mean / exact - 1.0).abs());
        assert!(alone > 3e-3 && both < 0.05 * alone, "{alone:e}, {both:e}");
        let line = Cells::new(&Spectrum::Line(530.0), 16);
        assert_eq!(line.mean([2.0].into_iter()), 2.0);
    }

    #[test]
    fn a_line_is_one_cell_and_two_lines_are_two() {
        assert_eq!(Cells::new(&Spectrum::Line(530.0), 32).cells, [SpectralNode { wavelength_nm: 530.0, share: 1.0 }]);
        let nm = vec![500.0, 501.0, 501.0, 600.0, 600.0, 601.0];
        let two = Spectrum::Table(Table::new(nm, vec![1.0, 1.0, 0.0, 0.0, 1.0, 1.0], false).unwrap());
        let cells = Cells::new(&two, 32);
        assert_eq!(cells.cells.len(), 2, "{:?}", cells.cells);
        // between cells a weight is a straight line
        let weighted = cells.weighted([1.0, 2.0].into_iter());
        assert!(weighted.iter().all(|(nm, share)| *share > 0.0 && (*nm < 502.0 || *nm > 599.0)));
        let sum: f64 = weighted.iter().map(|(_, share)| share).sum();
        assert!((sum - 1.5).abs() < 1e-9, "{sum}");
    }
}
