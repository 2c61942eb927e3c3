//! Numbers for a person to read.

use crate::outcome::Estimate;

/// A value rounded to two digits of its error when that begins with 1, else to one: `0.9287 ± 0.0003`.
/// `times` is applied first (100 for percent).
pub fn with_error(estimate: Estimate, times: f64, plus_minus: &str) -> String {
    match (estimate.value.map(|value| value * times), estimate.se.map(|se| se * times)) {
        (None, _) => "-".to_string(),
        // Exactly 0 is a count of 0, whose error says only how many photons there were.
        (Some(0.0), _) => "0".to_string(),
        (Some(value), Some(se)) if se > 0.0 => {
            let digits = error_decimals(se);
            format!("{value:.digits$} {plus_minus} {se:.digits$}")
        }
        (Some(value), _) => format!("{value:.4}"),
    }
}

fn error_decimals(se: f64) -> usize {
    let exponent = se.log10().floor();
    let leading = se / 10f64.powf(exponent);
    let decimals = if leading < 1.95 { 1.0 - exponent } else { -exponent };
    decimals.clamp(0.0, 9.0) as usize
}

/// Whole numbers in groups of three: `1,000,000`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Five significant digits, written out where that reads well: `152.27`, `15,227`.
pub fn significant(number: f64) -> String {
    match number.abs() {
        0.0 => "0".to_string(),
        size if (1e-3..1e4).contains(&size) => format!("{number:.*}", (4.0 - size.log10().floor()).max(0.0) as usize),
        size if (1e4..1e12).contains(&size) && number > 0.0 => grouped(number.round() as u64),
        _ => format!("{number:.4e}"),
    }
}

/// Three digits with a prefix: `2.31 M`.
pub fn prefixed(number: f64) -> String {
    let (scaled, prefix) = match number {
        n if n >= 1e9 => (n / 1e9, " G"),
        n if n >= 1e6 => (n / 1e6, " M"),
        n if n >= 1e3 => (n / 1e3, " k"),
        n => (n, " "),
    };
    let decimals = if scaled >= 100.0 { 0 } else { 1 + usize::from(scaled < 10.0) };
    format!("{scaled:.decimals$}{prefix}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: f64, se: f64) -> String {
        with_error(Estimate::new(Some(value), Some(se)), 1.0, "±")
    }

    #[test]
    fn values_are_rounded_to_their_error() {
        assert_eq!(written(0.928_74, 0.000_31), "0.9287 ± 0.0003");
        assert_eq!(written(0.928_74, 0.000_13), "0.92874 ± 0.00013");
        assert_eq!(written(531.62, 23.0), "532 ± 23");
        assert_eq!(with_error(Estimate::NONE, 100.0, "±"), "-");
        assert_eq!(with_error(Estimate::new(Some(1.0), None), 100.0, "±"), "100.0000");
    }

    #[test]
    fn large_numbers_read_well() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(prefixed(2_314_000.0), "2.31 M");
        assert_eq!(prefixed(950.0), "950 ");
        assert_eq!([0.0, 0.0123456, 152.268, 15_227.4].map(significant), ["0", "0.012346", "152.27", "15,227"]);
        assert_eq!([1.5e15, 1.5e-9].map(significant), ["1.5000e15", "1.5000e-9"]);
    }
}
