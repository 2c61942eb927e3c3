//! p-values of the tests against a distribution.

/// Chance of a chi-squared at least this large with so many degrees of freedom: the regularised upper
/// incomplete gamma function Q(df / 2, x / 2), by series or continued fraction (Press et al., Numerical
/// Recipes, 6.2).
pub fn chi_squared_p(chi2: f64, degrees: f64) -> f64 {
    let (a, x) = (0.5 * degrees, 0.5 * chi2);
    if x <= 0.0 {
        return 1.0;
    }
    let scale = (a * x.ln() - x - ln_gamma(a)).exp();
    if x < a + 1.0 {
        let (mut term, mut sum, mut n) = (1.0 / a, 1.0 / a, a);
        while term > sum * 1e-16 {
            n += 1.0;
            term *= x / n;
            sum += term;
        }
        return (1.0 - sum * scale).clamp(0.0, 1.0);
    }
    let mut b = x + 1.0 - a;
    let (mut c, mut d) = (1e300, 1.0 / b);
    let mut h = d;
    for i in 1..100_000 {
        let an = -(i as f64) * (i as f64 - a);
        b += 2.0;
        d = 1.0 / (an * d + b);
        c = b + an / c;
        h *= c * d;
        if (c * d - 1.0).abs() < 1e-15 {
            break;
        }
    }
    (scale * h).clamp(0.0, 1.0)
}

/// Lanczos' approximation, to about 1e-15 for x > 0.
fn ln_gamma(x: f64) -> f64 {
    const C: [f64; 9] = [
        0.999_999_999_999_809_9,
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    let x = x - 1.0;
    let t = x + 7.5;
    let sum = C[1..].iter().zip(1..).fold(C[0], |sum, (c, i)| sum + c / (x + i as f64));
    0.5 * (2.0 * std::f64::consts::PI).ln() + (x + 0.5) * t.ln() - t + sum.ln()
}

/// p-value of counts against the chances of their bins (which sum to 1).
pub fn bins_p(counts: &[u64], chances: &[f64]) -> f64 {
    let total: u64 = counts.iter().sum();
    let (mut chi2, mut bins) = (0.0, 0);
    for (count, chance) in counts.iter().zip(chances) {
        let expected = chance * total as f64;
        if *chance <= 0.0 {
            // what cannot be, must not be
            assert_eq!(*count, 0, "{count} draws in a bin of chance 0");
            continue;
        }
        chi2 += (*count as f64 - expected).powi(2) / expected;
        bins += 1;
    }
    chi_squared_p(chi2, (bins - 1) as f64)
}

/// p-value of counts in bins that are all equally likely.
pub fn equal_bins_p(counts: &[u64]) -> f64 {
    bins_p(counts, &vec![1.0 / counts.len() as f64; counts.len()])
}

/// Whether a p-value is plausible: one honest test in 500,000 fails.
pub fn plausible(p: f64) -> bool {
    (1e-6..=1.0 - 1e-6).contains(&p)
}
