//! The invariants of a network. Every import pass ends with this check; a network that fails it never reaches the engine.

use super::{Junction, JunctionKind, Link, RoadNetwork};
use crate::reference::Ref;
use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

/// Objects that one thread looks at in one go.
const CHUNK: usize = 1024;

/// An invariant that does not hold, with the object that breaks it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NetworkError {
    /// A link, junction or movement points at something that is not there or does not point back.
    #[error("{what} {ref_}: {problem}")]
    Broken {
        /// The kind of object.
        what: &'static str,
        /// Its ref.
        ref_: Ref,
        /// What is wrong.
        problem: String,
    },
    /// Two objects of a kind with one ref.
    #[error("two {what}s are called {ref_}")]
    DuplicateRef {
        /// The kind of object.
        what: &'static str,
        /// The shared ref.
        ref_: Ref,
    },
}

impl RoadNetwork {
    /// Checks every invariant that the types cannot hold, on all threads of the caller's pool.
    ///
    /// # Errors
    /// The first invariant that does not hold, in the order refs, links, junctions, controllers, places, each by id.
    pub fn check(&self) -> Result<(), NetworkError> {
        self.check_refs()?;
        self.check_links()?;
        self.check_junctions()?;
        self.check_controllers()?;
        for place in &self.places {
            if let Some((link, pos_m)) = place.access
                && (link.index() >= self.links.len() || !(0.0..=self.link(link).length_m).contains(&pos_m))
            {
                return Err(broken("place", &place.ref_, format!("reached from link {}, {pos_m} m, which is not there", link.0)));
            }
        }
        Ok(())
    }

    fn check_refs(&self) -> Result<(), NetworkError> {
        unique("junction", &self.junctions, |j| &j.ref_)?;
        unique("link", &self.links, |l| &l.ref_)?;
        unique("controller", &self.controllers, |c| &c.ref_)?;
        unique("place", &self.places, |p| &p.ref_)
    }

    fn check_links(&self) -> Result<(), NetworkError> {
        first_failure(&self.links, |i, link| self.check_link(i, link))
    }

    fn check_link(&self, i: usize, link: &Link) -> Result<(), NetworkError> {
        let fail = |problem: String| Err(broken("link", &link.ref_, problem));
        if link.from.index() >= self.junctions.len() || link.to.index() >= self.junctions.len() {
            return fail("begins or ends at a junction that is not there".into());
        }
        if !self.junction(link.from).outgoing.iter().any(|l| l.index() == i)
            || !self.junction(link.to).incoming.iter().any(|l| l.index() == i)
        {
            return fail("is not listed by the junctions at its ends".into());
        }
        if link.geometry.len() < 2 || link.geometry.iter().any(|p| !p.x.is_finite() || !p.y.is_finite()) {
            return fail(format!("has {} usable points, expected at least 2", link.geometry.len()));
        }
        if !(link.length_m.is_finite() && link.length_m >= 1.0) {
            return fail(format!("is {} m long, expected at least 1 m", link.length_m));
        }
        let lanes_m: f32 = link.lanes.iter().map(|l| l.width_m).sum();
        if link.lanes.is_empty() || link.lanes.len() > 20 || !(2.0..=31.9).contains(&link.width_m) || (lanes_m - link.width_m).abs() > 0.05
        {
            return fail(format!(
                "has {} lanes of together {lanes_m} m on a width of {} m, expected lanes that fill 2 to 31.9 m",
                link.lanes.len(),
                link.width_m
            ));
        }
        if link.access.is_empty() {
            return fail("is open to nobody".into());
        }
        let limits = link.limits;
        if [limits.light_mps, limits.heavy_mps, limits.motorcycle_mps, limits.articulated_mps, limits.slow_mps]
            .iter()
            .any(|v| !(0.5..=50.0).contains(v))
        {
            return fail(format!("has speed limits {limits:?}, expected 0.5 to 50 m/s"));
        }
        if let Some(o) = link.opposite
            && (o.index() >= self.links.len() || self.link(o).opposite.map(|b| b.index()) != Some(i))
        {
            return fail("has an opposite direction that does not name it back".into());
        }
        Ok(())
    }

    fn check_junctions(&self) -> Result<(), NetworkError> {
        let mut next = 0;
        for junction in &self.junctions {
            if junction.movements.start != next || junction.movements.end < next || junction.movements.end as usize > self.movements.len() {
                let problem = format!("has movements {:?}, expected them to begin at {next}", junction.movements);
                return Err(broken("junction", &junction.ref_, problem));
            }
            next = junction.movements.end;
        }
        if next as usize != self.movements.len() {
            return Err(broken("movement", &Ref::from(next.to_string()), "belongs to no junction".into()));
        }
        first_failure(&self.junctions, |i, junction| self.check_junction(i, junction))
    }

    fn check_junction(&self, i: usize, junction: &Junction) -> Result<(), NetworkError> {
        let fail = |problem: String| Err(broken("junction", &junction.ref_, problem));
        if !junction.incoming.is_sorted() || !junction.outgoing.is_sorted() {
            return fail("lists its links out of order".into());
        }
        let is_other = |l: &crate::ids::LinkId, end: fn(&Link) -> crate::ids::JunctionId| {
            l.index() >= self.links.len() || end(self.link(*l)).index() != i
        };
        if junction.incoming.iter().any(|l| is_other(l, |l| l.to)) || junction.outgoing.iter().any(|l| is_other(l, |l| l.from)) {
            return fail("lists a link that does not end or begin at it".into());
        }
        for id in junction.movements.clone() {
            let m = &self.movements[id as usize];
            if m.junction.index() != i || !junction.incoming.contains(&m.from) || !junction.outgoing.contains(&m.to) {
                return fail(format!("movement {id} does not lead from one of its links to another"));
            }
            let (from, to) = (self.link(m.from), self.link(m.to));
            if m.from_lanes.is_empty()
                || m.to_lanes.is_empty()
                || usize::from(m.from_lanes.end) > from.lanes.len()
                || usize::from(m.to_lanes.end) > to.lanes.len()
            {
                return fail(format!(
                    "movement {} > {} uses lanes {:?} > {:?}, which are not there",
                    from.ref_, to.ref_, m.from_lanes, m.to_lanes
                ));
            }
            if m.access.is_empty() {
                return fail(format!("movement {} > {} is open to nobody", from.ref_, to.ref_));
            }
            if m.group.is_some() && !matches!(junction.kind, JunctionKind::Signal(_)) {
                return fail(format!("movement {} > {} has a signal group where there is no signal", from.ref_, to.ref_));
            }
        }
        Ok(())
    }

    fn check_controllers(&self) -> Result<(), NetworkError> {
        for (i, controller) in self.controllers.iter().enumerate() {
            let fail = |problem: String| Err(broken("controller", &controller.ref_, problem));
            let Some(junction) = self.junctions.get(controller.junction.index()) else {
                return fail("stands at a junction that is not there".into());
            };
            if !matches!(junction.kind, JunctionKind::Signal(c) if c.index() == i) {
                return fail(format!("stands at junction {}, which does not name it", junction.ref_));
            }
            for (g, group) in controller.groups.iter().enumerate() {
                for m in &group.movements {
                    if self
                        .movements
                        .get(m.index())
                        .is_none_or(|m| m.junction != controller.junction || m.group.map(usize::from) != Some(g))
                    {
                        return fail(format!("group {g} holds movement {}, which does not name it", m.0));
                    }
                }
            }
            for (p, phase) in controller.plan.phases().iter().enumerate() {
                if let Some(g) = phase.groups.iter().find(|g| usize::from(**g) >= controller.groups.len()) {
                    return fail(format!("phase {p} gives green to group {g}, expected one of {}", controller.groups.len()));
                }
            }
            let served = |g: usize| controller.plan.phases().iter().any(|p| p.groups.iter().any(|x| usize::from(*x) == g));
            if let Some(g) = (0..controller.groups.len()).find(|g| !served(*g)) {
                return fail(format!("group {g} ({}) never gets green", controller.groups[g].name));
            }
        }
        for junction in &self.junctions {
            if let JunctionKind::Signal(c) = junction.kind
                && c.index() >= self.controllers.len()
            {
                return Err(broken("junction", &junction.ref_, format!("has controller {}, which is not there", c.0)));
            }
        }
        Ok(())
    }
}

fn broken(what: &'static str, ref_: &Ref, problem: String) -> NetworkError {
    NetworkError::Broken { what, ref_: ref_.clone(), problem }
}

/// What `check` finds wrong with the first of `objects`, by index, that it finds anything wrong with.
fn first_failure<T: Sync>(objects: &[T], check: impl Fn(usize, &T) -> Result<(), NetworkError> + Sync) -> Result<(), NetworkError> {
    let of_chunk = |(c, chunk): (usize, &[T])| chunk.iter().enumerate().find_map(|(i, object)| check(c * CHUNK + i, object).err());
    objects.par_chunks(CHUNK).enumerate().find_map_first(of_chunk).map_or(Ok(()), Err)
}

/// Sorts hashes of the refs, because that is many times faster than sorting the refs.
fn unique<T: Sync>(what: &'static str, objects: &[T], ref_of: impl Fn(&T) -> &Ref + Sync) -> Result<(), NetworkError> {
    let name = |i: u32| ref_of(&objects[i as usize]).as_str();
    let mut hashed: Vec<(u64, u32)> =
        (0..objects.len() as u32).into_par_iter().with_min_len(CHUNK).map(|i| (xxh3_64(name(i).as_bytes()), i)).collect();
    hashed.par_sort_unstable();
    // Where two hashes agree and the names differ, the same name may still stand further on among those of that hash.
    let same_hash = hashed.chunk_by(|a, b| a.0 == b.0).filter(|c| c.len() > 1);
    let again = same_hash.flat_map(|c| (1..c.len()).filter(|k| c[..*k].iter().any(|(_, i)| name(*i) == name(c[*k].1))).map(|k| c[k].1));
    match again.min() {
        Some(i) => Err(NetworkError::DuplicateRef { what, ref_: ref_of(&objects[i as usize]).clone() }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn again(names: &[&str]) -> Option<String> {
        let refs: Vec<Ref> = names.iter().copied().map(Ref::from).collect();
        match unique("link", &refs, |r| r) {
            Ok(()) => None,
            Err(NetworkError::DuplicateRef { ref_, .. }) => Some(ref_.to_string()),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn the_first_ref_that_comes_again_is_named() {
        assert_eq!(again(&[]), None);
        assert_eq!(again(&["a", "b", "c"]), None);
        assert_eq!(again(&["a", "b", "c", "b", "a"]).as_deref(), Some("b"));
        let many: Vec<String> = (0..5_000).map(|i| format!("osm:w{i}")).chain(["osm:w4321".into()]).collect();
        assert_eq!(again(&many.iter().map(String::as_str).collect::<Vec<_>>()).as_deref(), Some("osm:w4321"));
    }

    #[test]
    fn the_first_failure_by_index_is_the_one_reported() {
        let objects: Vec<usize> = (0..5 * CHUNK).collect();
        let check = |i: usize, object: &usize| {
            assert_eq!(i, *object);
            if *object >= 3 * CHUNK - 1 { Err(broken("link", &Ref::from(i.to_string()), String::new())) } else { Ok(()) }
        };
        let first = Ref::from((3 * CHUNK - 1).to_string());
        assert!(matches!(first_failure(&objects, check), Err(NetworkError::Broken { ref_, .. }) if ref_ == first));
    }
}
