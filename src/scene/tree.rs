//! The scene file as a tree of values, each with the place it came from.

use std::collections::BTreeMap;
use std::fmt;

use toml::de::{DeTable, DeValue};

/// Where a value was written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// The file as a whole.
    File,
    /// A line of the file, from 1.
    Line(usize),
    /// A `--set KEY=VALUE`, as it was given.
    Set(String),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub place: Place,
    pub value: Value,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Text(String),
    Number(f64),
    Bool(bool),
    List(Vec<Node>),
    Table(BTreeMap<String, Node>),
    /// Dates and times, which no key takes.
    Date(String),
}

impl Node {
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.value {
            Value::Table(table) => table.get(key),
            _ => None,
        }
    }

    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn entries(&self) -> Option<&BTreeMap<String, Node>> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }
}

/// How a value reads in a message: `the text "50"`, `a list`.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Text(text) => write!(f, "the text {text:?}"),
            Value::Number(number) => write!(f, "{number}"),
            Value::Bool(value) => write!(f, "{value}"),
            Value::List(_) => write!(f, "a list"),
            Value::Table(_) => write!(f, "a table"),
            Value::Date(date) => write!(f, "the date {date}"),
        }
    }
}

/// Parses a whole file. The error is a line number and what is wrong there.
pub(super) fn parse_file(text: &str) -> Result<Node, (Place, String)> {
    let lines = Lines::of(text);
    match DeTable::parse(text) {
        Ok(table) => Ok(Node { place: Place::File, value: convert_table(table.into_inner(), &|at| lines.place(at)) }),
        Err(error) => {
            let place = error.span().map_or(Place::File, |span| lines.place(span.start));
            Err((place, format!("not valid TOML: {}", error.message())))
        }
    }
}

/// Parses the VALUE of a `--set KEY=VALUE`: a TOML value, or else a bare string.
pub(super) fn parse_value(text: &str, place: &Place) -> Result<Node, String> {
    match DeValue::parse(text) {
        Ok(value) => Ok(Node { place: place.clone(), value: convert(value.into_inner(), &|_| place.clone()) }),
        // What opens a list, a table or a quoted string and does not parse is a slip, not a word.
        Err(error) if text.trim_start().starts_with(['[', '{', '"', '\'']) => {
            Err(format!("not a valid value: {}", error.message()))
        }
        Err(_) => Ok(Node { place: place.clone(), value: Value::Text(text.trim().to_owned()) }),
    }
}

fn convert(value: DeValue<'_>, place: &dyn Fn(usize) -> Place) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(integer) => Value::Number(match integer.radix() {
            10 => integer.as_str().parse().unwrap_or(f64::NAN),
            radix => i128::from_str_radix(integer.as_str(), radix).map_or(f64::INFINITY, |value| value as f64),
        }),
        DeValue::Float(float) => Value::Number(float.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(value) => Value::Bool(value),
        DeValue::Datetime(date) => Value::Date(date.to_string()),
        DeValue::Array(list) => Value::List(
            list.into_iter()
                .map(|item| Node { place: place(item.span().start), value: convert(item.into_inner(), place) })
                .collect(),
        ),
        DeValue::Table(table) => convert_table(table, place),
    }
}

fn convert_table(table: DeTable<'_>, place: &dyn Fn(usize) -> Place) -> Value {
    let entries = table.into_iter().map(|(key, value)| {
        let node = Node { place: place(key.span().start), value: convert(value.into_inner(), place) };
        (key.into_inner().into_owned(), node)
    });
    Value::Table(entries.collect())
}

/// Offsets at which the lines of a text end.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Lines(text.match_indices('\n').map(|(at, _)| at).collect())
    }

    fn place(&self, at: usize) -> Place {
        Place::Line(1 + self.0.partition_point(|end| *end < at))
    }
}
