//! The values of one varied key: `5:200:50`, `5:200:50:log`, or a list between commas.

use super::result::Scale;

/// More values than this in one key, or designs in one sweep, are taken for a slip.
pub const MAX_DESIGNS: usize = 10_000_000;

/// Reads the values of a key.
///
/// # Errors
/// What is wrong with them, and what was probably meant.
pub fn values(text: &str) -> Result<(Vec<String>, Scale), String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("no values; write from:to:count, from:to:count:log or a list like 1,2,5".into());
    }
    let items = split_list(text);
    if let [one] = &items[..]
        && one.contains(':')
        && !one.starts_with(['"', '\'', '[', '{'])
    {
        return range(one);
    }
    if let Some(number) = items.iter().position(String::is_empty) {
        return Err(format!("value {} of the list is empty", number + 1));
    }
    if let Some(item) = items.iter().find(|item| item.parse::<f64>().is_ok_and(|number| !number.is_finite())) {
        return Err(format!("'{item}' is no finite number"));
    }
    Ok((items, Scale::List))
}

/// Parts between commas that stand outside quotes and brackets.
fn split_list(text: &str) -> Vec<String> {
    let mut items = vec![String::new()];
    let (mut depth, mut quote) = (0i32, None);
    for letter in text.chars() {
        match (quote, letter) {
            (Some(open), _) if open == letter => quote = None,
            (None, '"' | '\'') => quote = Some(letter),
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => depth -= 1,
            (None, ',') if depth == 0 => {
                items.push(String::new());
                continue;
            }
            _ => {}
        }
        items.last_mut().expect("there is an item").push(letter);
    }
    items.iter().map(|item| item.trim().to_string()).collect()
}

fn range(text: &str) -> Result<(Vec<String>, Scale), String> {
    let parts: Vec<_> = text.split(':').map(str::trim).collect();
    let (from, to, count, scale) = match parts[..] {
        [from, to, count] => (from, to, count, Scale::Linear),
        [from, to, count, "log"] => (from, to, count, Scale::Log),
        [from, to, count, "lin" | "linear"] => (from, to, count, Scale::Linear),
        [_, _, _, spacing] => return Err(format!("the spacing '{spacing}' is unknown; there is only log")),
        _ => return Err("a range is from:to:count or from:to:count:log, like 5:200:50:log".into()),
    };
    let end = |text: &str, which: &str| match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ => Err(format!("the {which} of a range must be a finite number, got '{text}'")),
    };
    let (low, high) = (end(from, "start")?, end(to, "end")?);
    let number = match count.replace('_', "").parse::<usize>() {
        Ok(0) => return Err("0 values make no sweep; a range needs at least 2".into()),
        Ok(1) => return Err(format!("a range needs at least 2 values; for one, write the value alone: {from}")),
        Ok(number) if number <= MAX_DESIGNS => number,
        Ok(_) => return Err(format!("{count} values are too many; at most {MAX_DESIGNS}")),
        Err(_) => return Err(format!("the count of a range must be a whole number of at least 2, got '{count}'")),
    };
    let ending = if scale == Scale::Log { ":log" } else { "" };
    if low > high {
        return Err(format!("the range runs backwards; was {to}:{from}:{count}{ending} meant?"));
    }
    if low == high {
        return Err(format!("the range starts where it ends; for one value, write it alone: {from}"));
    }
    if scale == Scale::Log && low <= 0.0 {
        return Err(format!("a logarithmic range cannot pass 0; it starts at {from}"));
    }
    let at = |i: usize| {
        let share = i as f64 / (number - 1) as f64;
        match scale {
            Scale::Log => low * (high / low).powf(share),
            _ => low + (high - low) * share,
        }
    };
    let inner = (1..number - 1).map(|i| rounded(at(i)));
    let values: Vec<_> = [low].into_iter().chain(inner).chain([high]).collect();
    if values.windows(2).any(|pair| pair[0] >= pair[1]) {
        return Err(format!("{count} values lie too close together between {from} and {to}"));
    }
    Ok((values.iter().map(f64::to_string).collect(), scale))
}

/// To 12 significant digits, so that 0.3 is written as it is meant.
fn rounded(number: f64) -> f64 {
    format!("{number:.11e}").parse().expect("a formatted number is a number")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_and_lists_are_read() {
        let of = |text: &str| values(text).unwrap().0.join(" ");
        assert_eq!(of("0:1:11"), "0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1");
        assert_eq!(of("1:100:3:log"), "1 10 100");
        assert_eq!(of("5, 3,4"), "5 3 4");
        assert_eq!(of("siloxane,{ n = 1.5, k = 0 }"), "siloxane { n = 1.5, k = 0 }");
        assert_eq!(of("7"), "7");
        assert_eq!(values("1:100:3:log").unwrap().1, Scale::Log);
    }

    #[test]
    fn what_makes_no_range_is_refused_with_what_was_meant() {
        for (text, part) in [
            ("200:5:50", "5:200:50"),
            ("200:5:50:log", "5:200:50:log"),
            ("0:5:5:log", "cannot pass 0"),
            ("-1:5:5:log", "cannot pass 0"),
            ("1:5:0", "at least 2"),
            ("1:5:1", "write the value alone"),
            ("1:5:many", "whole number"),
            ("nan:5:3", "finite"),
            ("1:inf:3", "finite"),
            ("1:5", "from:to:count"),
            ("1:5:3:cubic", "log"),
            ("3:3:3", "starts where it ends"),
            ("1,,2", "value 2"),
            ("1,nan", "finite"),
            ("", "no values"),
            ("1:1.0000000000000002:9", "too close"),
            ("1:5:99999999999", "too many"),
        ] {
            let message = values(text).unwrap_err();
            assert!(message.contains(part), "{text}: {message}");
        }
    }
}
