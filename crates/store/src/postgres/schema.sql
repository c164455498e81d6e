-- Everything in the database that is not PostgreSQL's own, one line each, in words that do not depend on who owns it.
WITH own AS (
    SELECT oid, nspname FROM pg_namespace
    WHERE nspname NOT IN ('pg_catalog', 'information_schema') AND nspname NOT LIKE 'pg\_toast%' AND nspname NOT LIKE 'pg\_temp\_%'
)
SELECT line FROM (
    SELECT 'schema ' || nspname AS line FROM own
    UNION ALL
    SELECT format('%s %I.%I persistence=%s security=%s/%s', CASE c.relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view'
        WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table' WHEN 'p' THEN 'partitioned table'
        WHEN 'S' THEN 'sequence' WHEN 'c' THEN 'type' ELSE 'relation ' || c.relkind::text END,
        n.nspname, c.relname, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity)
    FROM pg_class c JOIN own n ON n.oid = c.relnamespace WHERE c.relkind NOT IN ('i', 'I', 't')
    UNION ALL
    SELECT format('column %I.%I.%I %s not_null=%s default=%s generated=%s%s collation=%s', n.nspname, c.relname, a.attname,
        format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attgenerated, a.attidentity, l.collname)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN own n ON n.oid = c.relnamespace
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum LEFT JOIN pg_collation l ON l.oid = a.attcollation
    WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'f')
    UNION ALL
    SELECT format('index valid=%s %s', i.indisvalid, pg_get_indexdef(i.indexrelid))
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN own n ON n.oid = c.relnamespace
    UNION ALL
    -- NOT NULL stands with its column; newer servers list it here as well.
    SELECT format('constraint %s %I valid=%s %s', k.conrelid::regclass, k.conname, k.convalidated, pg_get_constraintdef(k.oid))
    FROM pg_constraint k JOIN own n ON n.oid = k.connamespace WHERE k.contype <> 'n'
    UNION ALL
    SELECT CASE WHEN t.tgisinternal
        THEN format('constraint trigger of %s switched to %s', t.tgrelid::regclass, t.tgenabled)
        ELSE format('trigger %I on %s %s %s', t.tgname, t.tgrelid::regclass, t.tgenabled, pg_get_triggerdef(t.oid)) END
    FROM pg_trigger t WHERE NOT t.tgisinternal OR t.tgenabled <> 'O'
    UNION ALL
    SELECT format('rule %I on %s %s', r.rulename, r.ev_class::regclass, pg_get_ruledef(r.oid))
    FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN own n ON n.oid = c.relnamespace
    UNION ALL
    SELECT format('policy %I on %s', p.polname, p.polrelid::regclass) FROM pg_policy p
    UNION ALL
    SELECT format('function %s', p.oid::regprocedure) FROM pg_proc p JOIN own n ON n.oid = p.pronamespace
    UNION ALL
    SELECT format('inherits %s from %s', h.inhrelid::regclass, h.inhparent::regclass)
    FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid WHERE c.relkind NOT IN ('i', 'I')
    UNION ALL
    SELECT format('event trigger %I', evtname) FROM pg_event_trigger
    UNION ALL
    SELECT format('operator %s', o.oid::regoperator) FROM pg_operator o JOIN own n ON n.oid = o.oprnamespace
    UNION ALL
    SELECT format('domain %I.%I', n.nspname, t.typname) FROM pg_type t JOIN own n ON n.oid = t.typnamespace WHERE t.typtype = 'd'
) AS everything ORDER BY line COLLATE "C"
