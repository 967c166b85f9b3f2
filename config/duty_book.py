"""Who does what when (值班簿): the roster's people, shifts, leave, substitutes and grids, asked.

The part of ``Rules`` that knows time and people; all of it is counted from roster.yaml,
grids.yaml and the calendar of times.yaml. Called wherever somebody has to be found.
"""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from functools import cached_property

from config.people_rules import ZONE, Grid, Grids, Leave, Person, Roster
from config.time_rules import Times
from config.vocabulary import Role
from config.workdays import is_workday

_NO_ONE: frozenset[str] = frozenset()
_LED_BY_GRID = (Role.GRID_WORKER, Role.MICRO_WORKER, Role.MEDIATOR, Role.ASSISTANT)


class DutyBook:
    """Questions about people and time; ``Rules`` has the parts they are asked of."""

    roster: Roster
    grids: Grids
    times: Times
    day: date | None

    @property
    def people(self) -> tuple[Person, ...]:
        """All staff in roster order."""
        return self.roster.people

    def person(self, userid: str) -> Person | None:
        """The member of staff with this userid, None for residents, contacts and strangers."""
        return self._people.get(userid)

    def people_with(self, role: Role, grid: str | None = None) -> tuple[Person, ...]:
        """Everybody with ``role`` in roster order; with ``grid`` only who answers for it.

        Somebody whose second office it is comes after those whose first it is.
        Roles that have no grids at all (command room, leader …) ignore ``grid``.
        """
        hats = tuple((person, hat) for person in self.people for hat in person.also)
        also = tuple(person.wearing(hat) for person, hat in hats if hat.role is role)
        found = (*(person for person in self.people if person.role is role), *also)
        if grid is None or not any(person.grids for person in found):
            return found
        team = self._grids[grid].team if grid in self._grids else ()
        local = tuple(p for p in found if grid in p.grids or p.id in team)
        return tuple(sorted(local, key=lambda p: team.index(p.id) if p.id in team else len(team)))

    def unit_leader(self, person: Person) -> Person | None:
        """Who is told when ``person`` is overdue: his named leader, else the station's leader.

        For grid workers and mediators the grid leader; never the person himself.
        """
        if person.leader:
            return self.person(person.leader)
        if person.role in _LED_BY_GRID and person.grids:
            grid = self._grids.get(person.grids[0])
            found = self.person(grid.leader) if grid else None
            if found and found.id != person.id:
                return found
        return next((p for p in self.people_with(Role.LEADER) if p.id != person.id), None)

    def duty(
        self,
        role: Role,
        at: datetime,
        grid: str | None = None,
        away: Collection[str] = _NO_ONE,
    ) -> list[Person]:
        """Who does ``role`` at ``at``, first to be asked first; substitutes for those on leave.

        Order: the shift that covers ``at``, then the duty list, then roster order. ``away`` are
        userids that told the bot 忙 or 请假. Empty only when nobody at all is there.
        """
        stand_ins = (self.stand_in(person.id, at, away) for person in self._asked(role, at, grid))
        return list({person.id: person for person in stand_ins if person}.values())

    def first_of(
        self, roles: Collection[Role], at: datetime, away: Collection[str] = _NO_ONE
    ) -> list[Person]:
        """Who is asked first in each of ``roles``; somebody with two hats once."""
        there = (person for role in roles for person in self.duty(role, at, None, away)[:1])
        return list({person.id: person for person in there}.values())

    def stand_in(self, userid: str, at: datetime, away: Collection[str] = _NO_ONE) -> Person | None:
        """The person, or the substitute (of the substitute …) while he is on leave; else None."""
        seen: set[str] = set()
        while userid not in seen:
            seen.add(userid)
            leave = self.leave_of(userid, at)
            if leave is None and userid not in away:
                return self.person(userid)
            if leave is None or leave.substitute is None:
                return None
            userid = leave.substitute
        return None

    def sponsor(self, grid: str, at: datetime, away: Collection[str] = _NO_ONE) -> Person | None:
        """包联领导: who above answers for that grid (else for the station), or his substitute."""
        day = at.astimezone(ZONE).date()
        found = [one for one in self.roster.sponsors if one.holds(day)]
        order = [one for one in found if grid in one.grids] + [
            one for one in found if not one.grids
        ]
        there = (self.stand_in(one.id, at, away) for one in order)
        return next((person for person in there if person), None)

    def covers(self, userid: str) -> frozenset[str]:
        """The grids this person answers for today in place of others, besides his own.

        By 驻村 (``otherwise``), as a substitute, or in a pattern whose people are asked for every
        grid: whoever may be rung for a matter may see and sign it, on that day and until the night
        after it is over. Nothing while no day is known.
        """
        days = (self.day, self.day - timedelta(days=1)) if self.day else ()
        return frozenset(grid for day in days for grid in self._covered(userid, day))

    def _covered(self, userid: str, day: date) -> Iterator[str]:
        for stay in self.roster.stays:
            if stay.otherwise == userid and day.isoweekday() not in stay.days:
                yield stay.grid
        for leave in self.roster.leave:
            absent = self._people.get(leave.id)
            within = leave.from_.astimezone(ZONE).date() <= day <= leave.to.astimezone(ZONE).date()
            if leave.substitute == userid and within and absent:
                yield from absent.grids
        for pattern in self.roster.patterns:
            there = pattern.on_duty(day, is_workday(day, self.times.work))
            if pattern.is_everywhere and userid in there:
                yield from self._grids

    def leave_of(self, userid: str, at: datetime) -> Leave | None:
        """The leave that covers ``at``, if the roster has one."""
        covers = (leave for leave in self.roster.leave if leave.from_ <= at <= leave.to)
        return next((leave for leave in covers if leave.id == userid), None)

    def _asked(self, role: Role, at: datetime, grid: str | None) -> list[Person]:
        everybody = self.people_with(role, grid)
        listed, everywhere = self._listed(role, at)
        order = [person for userid in listed if (person := self._as(role, userid))]
        if grid is not None:
            own = [person for person in order if person in everybody]
            order = own + [p for p in order if p.id in everywhere and p not in own]
        return self._at_home(order or list(everybody), at, grid)

    def _listed(self, role: Role, at: datetime) -> tuple[list[str], set[str]]:
        """Who is listed for that moment, and who of them answers for every grid."""
        shifts = (s for s in self.roster.shifts if s.role is role and s.covers(at))
        listed = [userid for shift in shifts for userid in shift.people]
        everywhere: set[str] = set()
        local = at.astimezone(ZONE)
        for pattern in (one for one in self.roster.patterns if one.role is role):
            day = pattern.day_of(local)
            there = pattern.on_duty(day, is_workday(day, self.times.work))
            listed += there
            everywhere |= set(there) if pattern.is_everywhere else set()
        return listed + list(self.roster.duty.get(role, ())), everywhere

    def is_covered(self, role: Role, at: datetime) -> bool:
        """False when the patterns of that role leave this moment to nobody."""
        patterned = any(pattern.role is role for pattern in self.roster.patterns)
        return not patterned or bool(self._listed(role, at)[0])

    def _as(self, role: Role, userid: str) -> Person | None:
        """That person in the office of that role: his first one, or a second."""
        held = self.people_with(role)
        return next((person for person in held if person.id == userid), None)

    def _at_home(self, people: list[Person], at: datetime, grid: str | None) -> list[Person]:
        """驻村: whoever lives there by turns is asked on his days, else who is named."""
        today = at.astimezone(ZONE).isoweekday()
        gone = {
            stay.id: stay.otherwise
            for stay in self.roster.stays
            if stay.grid == grid and today not in stay.days
        }
        there = (self.person(gone.get(person.id, person.id)) for person in people)
        asked = [p if p.id not in gone else found for p, found in zip(people, there, strict=True)]
        return list({person.id: person for person in asked if person}.values())

    @cached_property
    def _people(self) -> dict[str, Person]:
        return {person.id: person for person in self.people if person.role.is_staff}

    @cached_property
    def _grids(self) -> dict[str, Grid]:
        return {grid.id: grid for grid in self.grids.grids}
