//! What a journal says: first what the sweep was asked, then a record for each finished design, in any order.
//!
//! A line is 16 hex digits that check the rest of it, and the rest. What a killed process left half written, or a disk
//! changed, fails its check and is taken for absent. Files are the business of whoever keeps the journal.

use std::borrow::Cow;

use super::Fnv64;
use super::result::DesignRow;
use crate::outcome::{DEFINITIONS, Estimate, Named};
use crate::report::sweep_csv;

const MAGIC: &str = "relume journal 2";

/// What must be the same for a sweep to go on where another stopped: name and value, in a fixed order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity(pub Vec<(String, String)>);

impl Identity {
    /// What differs from another one, in words; empty where a sweep may go on.
    pub fn differences(&self, other: &Identity) -> Vec<String> {
        let theirs = |name: &str| other.0.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value);
        let differs = self.0.iter().filter(|(name, value)| theirs(name) != value);
        differs.map(|(name, value)| format!("{name}: the journal has {}, this is {value}", theirs(name))).collect()
    }

    /// The first line of a journal.
    pub fn line(&self) -> String {
        let pairs = self.0.iter().map(|(name, value)| format!("{name}={}", value.replace(['\t', '\n'], " ")));
        checked(&[vec![MAGIC.to_string()], pairs.collect()].concat().join("\t"))
    }

    fn parse(text: &str) -> Option<Self> {
        let mut fields = text.split('\t');
        if fields.next()? != MAGIC {
            return None;
        }
        let pairs = fields.map(|field| field.split_once('=').map(|(name, value)| (name.into(), value.into())));
        pairs.collect::<Option<_>>().map(Self)
    }
}

/// The line of a finished design.
pub fn record(design: usize, row: &DesignRow) -> String {
    let mut results = csv::StringRecord::new();
    let own = row.own_quantities().map(|(name, _)| &**name);
    sweep_csv::add_results(&mut results, row, DEFINITIONS.iter().map(|quantity| quantity.key).chain(own));
    let mut text = format!("{design},{}", row.reached);
    results.iter().for_each(|cell| text.extend([",", cell]));
    row.own_quantities().for_each(|(name, _)| text.extend([",", &escaped(name)]));
    checked(&text)
}

/// A name without what parts cells and lines.
fn escaped(name: &str) -> String {
    name.replace('%', "%25").replace(',', "%2C").replace('\n', "%0A").replace('\r', "%0D")
}

fn unescaped(name: &str) -> String {
    name.replace("%0D", "\r").replace("%0A", "\n").replace("%2C", ",").replace("%25", "%")
}

/// What is whole in a journal.
#[derive(Debug)]
pub struct Read {
    pub identity: Identity,
    /// Finished designs. Their `values` are empty: the plan has them.
    pub rows: Vec<(usize, DesignRow)>,
    /// Lines that are whole and fail their check.
    pub broken: usize,
    /// Bytes up to the end of the last line; what follows was never finished.
    pub whole_bytes: usize,
}

/// Reads what is whole of a journal. `None` where even its first line is not.
pub fn read(bytes: &[u8]) -> Option<Read> {
    let mut lines = bytes.split_inclusive(|byte| *byte == b'\n');
    let first = lines.next()?;
    let identity = Identity::parse(unchecked(first)?)?;
    let mut read = Read { identity, rows: Vec::new(), broken: 0, whole_bytes: first.len() };
    for line in lines.filter(|line| line.ends_with(b"\n")) {
        match unchecked(line).and_then(parse_record) {
            Some(row) => read.rows.push(row),
            None => read.broken += 1,
        }
        read.whole_bytes += line.len();
    }
    Some(read)
}

fn parse_record(text: &str) -> Option<(usize, DesignRow)> {
    let fields: Vec<_> = text.split(',').collect();
    let [design, reached, results @ ..] = &fields[..] else { return None };
    // value and error of each quantity, two more cells, and the names of those that are not defined for all
    let own = results.len().checked_sub(2 * DEFINITIONS.len() + 2).filter(|cells| cells % 3 == 0)? / 3;
    let (estimates, rest) = results.split_at(2 * (DEFINITIONS.len() + own));
    let ([photons, reweighted], names) = rest.split_first_chunk()?;
    let number = |cell: &str| if cell.is_empty() { Some(None) } else { cell.parse().ok().map(Some) };
    let defined = DEFINITIONS.iter().map(|quantity| Cow::Borrowed(quantity.key));
    let keys = defined.chain(names.iter().map(|name| unescaped(name).into()));
    let quantities = keys.zip(estimates.chunks(2)).map(|(key, cells)| {
        let estimate = Estimate { value: number(cells[0])?, se: number(cells[1])? };
        Some((key, estimate))
    });
    let row = DesignRow {
        values: Vec::new(),
        photons: photons.parse().ok()?,
        quantities: Named(quantities.collect::<Option<_>>()?),
        reweighted: reweighted.parse().ok()?,
        reached: reached.parse().ok()?,
    };
    Some((design.parse().ok()?, row))
}

fn check(text: &str) -> String {
    let mut hash = Fnv64::new();
    hash.item(text.as_bytes());
    hash.hex()
}

fn checked(text: &str) -> String {
    format!("{} {text}\n", check(text))
}

fn unchecked(line: &[u8]) -> Option<&str> {
    let (own, text) = std::str::from_utf8(line).ok()?.strip_suffix('\n')?.split_once(' ')?;
    (check(text) == own).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(value: f64) -> DesignRow {
        let quantities = DEFINITIONS.iter().enumerate().map(|(i, quantity)| {
            let estimate = if i == 3 { Estimate::NONE } else { Estimate::new(Some(value / i as f64), Some(1e-9)) };
            (quantity.key.into(), estimate)
        });
        let own = ["a", "50%2C, and\na line"].map(|name| (name.into(), Estimate::new(Some(value), None)));
        let quantities = quantities.chain(own);
        DesignRow {
            values: Vec::new(),
            photons: 77,
            quantities: Named(quantities.collect()),
            reweighted: true,
            reached: false,
        }
    }

    #[test]
    fn a_journal_is_read_as_far_as_it_is_whole() {
        let identity = Identity(vec![("seed".into(), "1".into()), ("scene".into(), "abc".into())]);
        let whole = identity.line() + &record(5, &row(0.1)) + &record(2, &row(1.0 / 3.0));
        for length in 0..=whole.len() {
            let Some(read) = read(&whole.as_bytes()[..length]) else {
                assert!(length < identity.line().len());
                continue;
            };
            assert_eq!(read.identity, identity);
            assert!(read.whole_bytes <= length);
            let rest = &whole[read.whole_bytes..length];
            assert!(!rest.contains('\n'), "a whole line is never dropped");
            for (design, own) in &read.rows {
                let expected = row(if *design == 5 { 0.1 } else { 1.0 / 3.0 });
                assert_eq!(own.quantities, expected.quantities);
                assert_eq!((own.photons, own.reweighted, own.reached), (77, true, false));
            }
        }
        assert_eq!(read(whole.as_bytes()).unwrap().rows.len(), 2);
        let torn = whole.replacen("5,false", "6,false", 1);
        let torn = read(torn.as_bytes()).unwrap();
        assert_eq!((torn.rows.len(), torn.rows[0].0, torn.broken), (1, 2, 1), "a changed record alone fails its check");
    }

    #[test]
    fn differences_are_named() {
        let of = |seed: &str| Identity(vec![("seed".into(), seed.into()), ("scene".into(), "abc".into())]);
        assert!(of("1").differences(&of("1")).is_empty());
        assert_eq!(of("2").differences(&of("1")), ["seed: the journal has 1, this is 2"]);
    }
}
