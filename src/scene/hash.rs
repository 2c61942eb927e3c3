//! A name for what a scene says: FNV-1a in 128 bits over its tree, stable across versions and machines.

use std::path::Path;

use super::tree::{Node, Value};

struct Fnv(u128);

impl Fnv {
    fn eat(&mut self, bytes: &[u8]) {
        const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
        for byte in bytes {
            self.0 = (self.0 ^ u128::from(*byte)).wrapping_mul(PRIME);
        }
    }

    /// A tag and a length before each item keep different trees from giving the same bytes.
    fn item(&mut self, tag: u8, bytes: &[u8]) {
        self.eat(&[tag]);
        self.eat(&(bytes.len() as u64).to_le_bytes());
        self.eat(bytes);
    }

    fn node(&mut self, node: &Node, base_dir: &Path) {
        match &node.value {
            Value::Text(text) => self.item(b's', text.as_bytes()),
            Value::Number(number) => self.item(b'n', &number.to_bits().to_le_bytes()),
            Value::Bool(value) => self.item(b'b', &[u8::from(*value)]),
            Value::Date(date) => self.item(b'd', date.as_bytes()),
            Value::List(list) => {
                self.item(b'[', &(list.len() as u64).to_le_bytes());
                list.iter().for_each(|node| self.node(node, base_dir));
            }
            Value::Table(table) => {
                self.item(b'{', &(table.len() as u64).to_le_bytes());
                for (key, node) in table {
                    self.item(b'k', key.as_bytes());
                    self.node(node, base_dir);
                    // The numbers in a file belong to the scene as much as its name.
                    if let ("file", Some(file)) = (key.as_str(), node.text())
                        && let Ok(content) = std::fs::read(base_dir.join(file))
                    {
                        self.item(b'f', &content);
                    }
                }
            }
        }
    }
}

pub(super) fn of(root: &Node, base_dir: &Path) -> String {
    let mut hash = Fnv(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d);
    hash.node(root, base_dir);
    format!("{:032x}", hash.0)
}
