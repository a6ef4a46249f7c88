/* What a gate answers without a network: the rules of src/domain/gate.c over the list of the day. */
(() => {
    'use strict';

    const gate = globalThis.gate ??= {};

    const decideTime = (facts, list, at) => {
        const slot = facts.kind === 'slot';
        const late = facts.arrived > 0 && list.rest > list.late ? list.rest : list.late;
        const from = facts.from - (slot ? list.early * 60 : 0), until = facts.until + (slot ? late * 60 : 0);
        if (at >= from && at <= until) return 'valid';
        if (facts.kind === 'undated') return at > until ? 'expired' : 'wrong-day';
        const day = Math.floor((facts.from + list.offset) / 86400), today = Math.floor((at + list.offset) / 86400);
        return day > today ? 'wrong-day' : day < today ? 'expired' : 'wrong-slot';
    };

    gate.decide = (facts, list, at) => {
        if (facts.cancelled) return 'cancelled';
        if (facts.monument !== list.monument) return 'wrong-monument';
        if (facts.used || facts.arrived >= facts.persons) return 'used';
        return decideTime(facts, list, at);
    };

    /* The list as maps, with what was let in here since it was made. `acts` are what this device did. */
    gate.index = (list, acts) => {
        const tickets = new Map(), visits = new Map(), used = new Map();
        for (const visit of list.visits) visits.set(visit.id, { ...visit });
        for (const [number, visit, role, tariff, state, from, until, usedAt, why] of list.tickets)
            tickets.set(number, { number, visit, role, tariff, state, from, until, usedAt, why });
        for (const [number, state, usedAt, why] of list.ended) tickets.set(number, { ...tickets.get(number), number, state, usedAt, why });
        for (const act of acts.filter((one) => one.told === 'valid').sort((a, b) => a.at - b.at)) {
            if (act.number) used.set(act.number, act);
            const visit = visits.get(act.visit);
            if (visit) visit.arrived = Math.min(visit.persons, visit.arrived + act.heads);
        }
        return { tickets, visits, used };
    };

    /* What is known of a ticket or a group here; null: nothing. */
    gate.facts = (list, index, act, read, visitId) => {
        const ticket = read.number && index.tickets.get(read.number), mine = read.number && index.used.get(read.number);
        const visit = index.visits.get(ticket?.visit ?? visitId);
        if (visit) {
            const of = ticket?.from ? ticket : { from: visit.start, until: visit.until, state: visit.cancelled ? 'cancelled' : 'valid' };
            const whole = visit.kind === 'dated' && !ticket?.from;
            return { monument: list.monument, kind: visit.kind, from: whole ? list.from : of.from, until: whole ? list.until - 1 : of.until,
                     cancelled: of.state === 'cancelled', used: act === 'ticket' && (of.state === 'used' || Boolean(mine)),
                     usedAt: mine?.at ?? ticket?.usedAt, usedGate: mine?.gate, persons: visit.persons, arrived: visit.arrived, visit, ticket };
        }
        const signed = read.signed;
        if (!ticket && !signed) return null;
        return { monument: signed ? signed.monument : list.monument, kind: signed?.kind ?? 'undated', from: signed?.from ?? 0,
                 until: signed?.until ?? Infinity, cancelled: ticket?.state === 'cancelled',
                 used: ticket?.state === 'used' || Boolean(mine), usedAt: mine?.at ?? ticket?.usedAt, usedGate: mine?.gate,
                 persons: act === 'ticket' ? 1 : 0, arrived: 0, ticket: { ...signed, ...ticket } };
    };
})();
