//! The project's own copies of the oracle tables, each with a header that says problem, units, method and trust.

use std::collections::HashMap;

pub struct Row(HashMap<String, String>);

impl Row {
    pub fn text(&self, column: &str) -> &str {
        self.0.get(column).unwrap_or_else(|| panic!("the table has no column {column}"))
    }

    pub fn number(&self, column: &str) -> f64 {
        let text = self.text(column);
        text.parse().unwrap_or_else(|_| panic!("{column} = '{text}' is no number"))
    }
}

/// The rows of a table; lines that begin with # say what it is.
pub fn rows(text: &str) -> Vec<Row> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
    reader.deserialize().map(|row| Row(row.expect("a table row"))).collect()
}
