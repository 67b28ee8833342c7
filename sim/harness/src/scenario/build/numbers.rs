//! Numbers inside quotes.

/// A decimal number, or a hexadecimal one with `0x`.
pub(in crate::scenario) fn number_text(text: &str) -> Option<u64> {
    match text.strip_prefix("0x") {
        Some(digits) if !digits.starts_with('+') => u64::from_str_radix(digits, 16).ok(),
        Some(_) => None,
        None if text.starts_with('+') => None,
        None => text.parse().ok(),
    }
}

/// `"1..167"`: both ends included.
pub(in crate::scenario) fn range_text(text: &str) -> Option<(u64, u64)> {
    let (first, last) = text.split_once("..")?;
    Some((number_text(first.trim())?, number_text(last.trim())?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_decimal_or_hexadecimal_without_a_sign() {
        assert_eq!(number_text("167"), Some(167));
        assert_eq!(number_text("0xFF"), Some(255));
        for wrong in ["", "+1", "-1", "0x", "0x+1", "1.5", "1 2"] {
            assert_eq!(number_text(wrong), None, "{wrong:?}");
        }
        assert_eq!(range_text("1..167"), Some((1, 167)));
        assert_eq!(range_text("1.."), None);
    }
}
