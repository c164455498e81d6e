//! The chain's promise: whatever the hash covers cannot change without the hash changing.

use proptest::prelude::*;
use redress_domain::chain::{ALG, Sealed, link, value_hash};
use serde_json::json;

proptest! {
    #[test]
    fn any_change_of_an_envelope_changes_its_hash(
        pos in 1_i64..9999, seq in 1_i64..99, texts in prop::collection::vec("[a-z:0-9{}\"]{0,12}", 5), which in 0_usize..8,
    ) {
        let sealed = Sealed {
            pos, seq, version: 1, stream: &texts[0], kind: &texts[1], actor: &texts[2], at: &texts[3], body: &texts[4], prev: "p", alg: ALG,
        };
        let longer = |s: &str| format!("{s}x");
        let (stream, kind, actor, at, body) = (longer(&texts[0]), longer(&texts[1]), longer(&texts[2]), longer(&texts[3]), longer(&texts[4]));
        let mut other = sealed;
        match which {
            0 => other.pos += 1,
            1 => other.seq += 1,
            2 => other.version += 1,
            3 => other.stream = &stream,
            4 => other.kind = &kind,
            5 => other.actor = &actor,
            6 => other.at = &at,
            _ => other.body = &body,
        }
        prop_assert_ne!(sealed.hash(), other.hash());
        prop_assert_eq!(sealed.hash(), sealed.hash());
    }

    /// A character that moves from one part to its neighbour is a change too.
    #[test]
    fn parts_do_not_run_into_each_other(a in "[a-z]{1,8}", b in "[a-z]{1,8}") {
        let moved = format!("{a}{}", &b[..1]);
        let sealed = |kind, actor| Sealed { pos: 1, seq: 1, version: 1, stream: "s", kind, actor, at: "t", body: "{}", prev: "", alg: ALG }.hash();
        prop_assert_ne!(sealed(&a, &b), sealed(&moved, &b[1..]));
        prop_assert_ne!(link(&a, Some(&b)), link(&moved, Some(&b[1..])));
    }

    /// The same words under another salt or field cannot be told from other words.
    #[test]
    fn a_value_is_bound_to_its_field_and_salt(words in "\\PC{0,20}", salt in any::<[u8; 16]>(), other in any::<[u8; 16]>()) {
        let value = json!(words);
        prop_assert_ne!(value_hash(&salt, "a", &value), value_hash(&salt, "b", &value));
        prop_assert_eq!(salt == other, value_hash(&salt, "a", &value) == value_hash(&other, "a", &value));
    }
}
