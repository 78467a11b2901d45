//! Pagination of the admin API's lists.

use std::collections::HashSet;

use serde_json::Value as Json;

use super::Request;

/// A list without `total` whose length is a multiple of this may have more pages.
const USUAL_PAGE: usize = 50;

/// The combined pages of a list.
#[derive(Clone, Debug, Default)]
pub struct Pages {
    /// The entries, without duplicates.
    pub items: Vec<Json>,
    total: Option<usize>,
    known: HashSet<String>,
    /// The size of the first page.
    size: usize,
    /// The size of the last page.
    last: usize,
    /// The number of pages read.
    read: usize,
    /// The number of consecutive pages without new entries.
    idle: usize,
}

impl Pages {
    /// Adds a page. Returns `false` if it isn't a list of objects.
    pub fn add(&mut self, reply: &Json) -> bool {
        let list = [reply.get("data"), reply.pointer("/data/data"), Some(reply)];
        let Some(list) = list.into_iter().flatten().find_map(Json::as_array) else {
            return false;
        };
        if !list.iter().all(Json::is_object) {
            return false;
        }
        let total = reply.get("total").or_else(|| reply.pointer("/data/total"));
        let total = total.and_then(Json::as_u64);
        self.total = total.and_then(|total| usize::try_from(total).ok());
        let before = self.items.len();
        for item in list {
            // All versions of a config share its id.
            let id = ["version_id", "id", "slug"]
                .iter()
                .find_map(|key| item.get(key)?.as_str());
            let id = id.map_or_else(|| item.to_string(), str::to_owned);
            if self.known.insert(id) {
                self.items.push(item.clone());
            }
        }
        if self.read == 0 {
            self.size = list.len();
        }
        self.last = list.len();
        self.read += 1;
        let is_idle = self.items.len() == before;
        self.idle = if is_idle { self.idle + 1 } else { 0 };
        true
    }

    /// The number of the next page, if there is one. The first is 0. A server that counts from 1
    /// returns the first page again for 1, so one page without new entries isn't the end.
    #[must_use]
    pub fn next(&self) -> Option<usize> {
        let has_more = match self.total {
            Some(total) => self.items.len() < total,
            None => self.last == self.size && self.size.is_multiple_of(USUAL_PAGE),
        };
        (has_more && self.size > 0 && self.idle < 2).then_some(self.read)
    }

    /// The request for a page.
    #[must_use]
    pub fn page(&self, request: &Request, number: usize) -> Request {
        request
            .clone()
            .with("page_size", self.size.to_string())
            .with("current_page", number.to_string())
    }

    /// Whether the server says that there are more entries than it sent.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.total.is_some_and(|total| self.items.len() < total)
    }
}

/// Whether an entry is archived.
#[must_use]
pub(super) fn is_archived(item: &Json) -> bool {
    let status = item.get("status").and_then(Json::as_str);
    status.is_some_and(|status| matches!(status, "archived" | "deleted"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Reads all pages of a server with this many entries, numbered from `first`.
    fn all(count: usize, size: usize, first: usize, total: bool) -> (usize, usize) {
        let mut pages = Pages::default();
        let mut asked = 0;
        let mut number = 0;
        loop {
            asked += 1;
            assert!(asked < 20, "it ends");
            let from = number_of(number, first) * size;
            let items: Vec<Json> = (from..count.min(from + size))
                .map(|id| json!({ "id": id.to_string() }))
                .collect();
            let mut reply = json!({ "data": items });
            if total {
                reply["total"] = count.into();
            }
            assert!(pages.add(&reply));
            match pages.next() {
                Some(next) => number = next,
                None => return (pages.items.len(), asked),
            }
        }
    }

    fn number_of(asked: usize, first: usize) -> usize {
        asked.saturating_sub(first)
    }

    #[test]
    fn pagination_ends() {
        assert_eq!(all(3, 50, 0, true), (3, 1));
        assert_eq!(all(120, 50, 0, true), (120, 3));
        assert_eq!(all(120, 50, 1, true), (120, 4));
        assert_eq!(all(120, 50, 0, false), (120, 3));
        assert_eq!(all(50, 50, 0, false).0, 50);
        assert_eq!(all(49, 49, 0, false), (49, 1));
        // A server without pagination.
        let mut pages = Pages::default();
        let reply = json!({ "total": 9, "data": [{ "id": "a" }] });
        for wanted in [Some(1), Some(2), None] {
            assert!(pages.add(&reply));
            assert_eq!(pages.next(), wanted);
        }
        assert!(pages.is_partial());
    }

    #[test]
    fn lists_come_in_several_forms() {
        for reply in [
            json!([{ "slug": "a" }]),
            json!({ "data": [{ "slug": "a" }] }),
            json!({ "success": true, "data": { "data": [{ "slug": "a" }], "total": 1 } }),
        ] {
            let mut pages = Pages::default();
            assert!(pages.add(&reply), "{reply}");
            assert_eq!(pages.items[0]["slug"], "a");
        }
        assert!(!Pages::default().add(&json!({ "success": true })));
    }
}
