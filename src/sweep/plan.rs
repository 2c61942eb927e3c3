//! Which designs a sweep has: a grid of varied keys, or the rows of a table.

use super::range::{self, MAX_DESIGNS};
use super::result::{Scale, VariedKey};
use crate::scene::Document;

/// A key and the values it takes, as `--vary KEY=VALUES` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vary {
    pub key: String,
    pub values: String,
}

/// The designs of a sweep, in order.
#[derive(Debug, Clone)]
pub struct Plan {
    pub keys: Vec<VariedKey>,
    designs: Designs,
}

#[derive(Debug, Clone)]
enum Designs {
    /// The values of each key; the last key changes fastest.
    Grid(Vec<Vec<String>>),
    /// Of a table: its name, and for each design its line and values.
    Rows(String, Vec<(u64, Vec<String>)>),
}

impl Plan {
    /// All combinations of the values of each key.
    ///
    /// # Errors
    /// Everything that is wrong with keys and values, a line each.
    pub fn grid(varied: &[Vary], document: &Document) -> Result<Self, Vec<String>> {
        let (mut keys, mut axes, mut problems) = (Vec::new(), Vec::new(), Vec::new());
        for (number, Vary { key, values }) in varied.iter().enumerate() {
            let at = format!("--vary {key}");
            if varied[..number].iter().any(|earlier| earlier.key == *key) {
                problems.push(format!("{at}: the key is varied twice"));
                continue;
            }
            problems.extend(document.settable(key).err().map(|message| format!("{at}: {message}")));
            match range::values(values) {
                Ok((values, scale)) => {
                    keys.push(VariedKey { key: key.clone(), scale });
                    axes.push(values);
                }
                Err(message) => problems.push(format!("{at}={values}: {message}")),
            }
        }
        if varied.is_empty() {
            problems.push("nothing is varied; --vary KEY=from:to:count or --designs FILE.csv says what to".into());
        }
        let designs = axes.iter().try_fold(1usize, |product, axis| product.checked_mul(axis.len()));
        if designs.is_none_or(|designs| designs > MAX_DESIGNS) {
            problems.push(format!("the grid has more than {MAX_DESIGNS} designs"));
        }
        if problems.is_empty() { Ok(Self { keys, designs: Designs::Grid(axes) }) } else { Err(problems) }
    }

    /// The rows of a CSV table whose header names the keys. `name` stands in messages.
    ///
    /// # Errors
    /// Everything that is wrong with it, a line each.
    pub fn table(text: &str, name: &str, document: &Document) -> Result<Self, Vec<String>> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
        let header: Vec<String> = match reader.headers() {
            Ok(header) => header.iter().map(|key| key.trim_start_matches('\u{feff}').to_string()).collect(),
            Err(error) => return Err(vec![format!("{name}: {error}")]),
        };
        let mut problems = Vec::new();
        if header.iter().all(String::is_empty) {
            return Err(vec![format!("{name}: is empty; its first line must name the keys")]);
        }
        for (number, key) in header.iter().enumerate() {
            if key.is_empty() {
                problems.push(format!("{name}:1: column {} has no key", number + 1));
            } else if header[..number].contains(key) {
                problems.push(format!("{name}:1: the key {key} stands twice"));
            } else {
                problems.extend(document.settable(key).err().map(|message| format!("{name}:1: {message}")));
            }
        }
        let mut rows = Vec::new();
        for record in reader.records() {
            match record {
                Ok(record) => {
                    let line = record.position().map_or(0, |position| line_of(text, position));
                    let row: Vec<String> = record.iter().map(str::to_string).collect();
                    problems.extend(row_problem(&row, &header).map(|message| format!("{name}:{line}: {message}")));
                    rows.push((line, row));
                }
                Err(error) => problems.push(format!("{name}: {error}")),
            }
        }
        if rows.is_empty() {
            problems.push(format!("{name}: has no designs below its header"));
        }
        if rows.len() > MAX_DESIGNS {
            problems.push(format!("{name}: has more than {MAX_DESIGNS} designs"));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let keys = header.into_iter().map(|key| VariedKey { key, scale: Scale::List }).collect();
        Ok(Self { keys, designs: Designs::Rows(name.to_string(), rows) })
    }

    /// Number of designs.
    pub fn len(&self) -> usize {
        match &self.designs {
            Designs::Grid(axes) => axes.iter().map(Vec::len).product(),
            Designs::Rows(_, rows) => rows.len(),
        }
    }

    /// A plan always has a design.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The values of one design, one for each key.
    pub fn values(&self, design: usize) -> Vec<String> {
        match &self.designs {
            Designs::Rows(_, rows) => rows[design].1.clone(),
            Designs::Grid(axes) => {
                let mut rest = design;
                let mut values: Vec<_> = axes
                    .iter()
                    .rev()
                    .map(|axis| {
                        let value = axis[rest % axis.len()].clone();
                        rest /= axis.len();
                        value
                    })
                    .collect();
                values.reverse();
                values
            }
        }
    }

    /// Where a design stands in the table that it comes from.
    pub fn place(&self, design: usize) -> Option<String> {
        match &self.designs {
            Designs::Rows(name, rows) => Some(format!("{name}:{}", rows[design].0)),
            Designs::Grid(_) => None,
        }
    }

    /// Key and value of everything that one design sets.
    pub fn settings(&self, design: usize) -> Vec<(String, String)> {
        self.keys.iter().map(|key| key.key.clone()).zip(self.values(design)).collect()
    }

    /// 16 hex digits that name the keys and the designs.
    pub fn fingerprint(&self) -> String {
        let mut hash = super::Fnv64::new();
        self.keys.iter().for_each(|key| hash.item(key.key.as_bytes()));
        for design in 0..self.len() {
            self.values(design).iter().for_each(|value| hash.item(value.as_bytes()));
        }
        hash.hex()
    }
}

/// The line of a record. Its position is that of blank lines before it, if there are any.
fn line_of(text: &str, position: &csv::Position) -> u64 {
    let before = text.as_bytes().get(position.byte() as usize..).unwrap_or_default().iter();
    let blank = before.take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| **byte == b'\n').count();
    position.line() + blank as u64
}

fn row_problem(row: &[String], header: &[String]) -> Option<String> {
    if row.len() != header.len() {
        return Some(format!("has {} cells, the header has {}", row.len(), header.len()));
    }
    if let Some(column) = row.iter().position(String::is_empty) {
        return Some(format!("no value for {}", header[column]));
    }
    let infinite = row.iter().position(|cell| cell.parse::<f64>().is_ok_and(|number| !number.is_finite()))?;
    Some(format!("{} = {} is no finite number", header[infinite], row[infinite]))
}
