{#
  Ledgers keep every period for ever (captures, posts, site items). A build works out again only the subjects of
  runs of which something was loaded since the ledger was last written; raw._ledgers says up to which load that
  was (its own rows cannot: the last file loaded may have held nothing for it). Whatever a late or re-read look
  says of a subject, the subject is worked out whole.
#}

{# Is this row of a subject that the ledger being built must write again? `column` holds the subject's id. #}
{% macro is_touched(column) -%}
    {%- if is_incremental() -%}
        {{ column }} in (
            -- Whether a run is believed is seen from the whole run: all its subjects go together.
            with written as (
                select coalesce(max(written_until), '-infinity'::timestamptz) as until
                from {{ source('raw', '_ledgers') }}
                where ledger = '{{ this.identifier }}'
            ),

            news as (
                select
                    -- A file loaded again with other content may have held anybody, and other canaries may
                    -- put any run in doubt: then it is everybody.
                    coalesce(max(replaced_at) > max(until), false)
                    or coalesce(
                        max(files.loaded_at) filter (where table_name = 'registry_canaries') > max(until)
                        and sum(rows) filter (where table_name = 'registry_canaries') > 0, false
                    ) as concern_everybody
                from {{ source('raw', '_loaded_files') }} as files, written
            ),

            runs as (
                select distinct loaded.run_id
                from {{ source('raw', 'captures') }} as loaded, written
                where loaded._loaded_at > written.until
            )

            select loaded.subject_id
            from {{ source('raw', 'captures') }} as loaded, news
            where news.concern_everybody or loaded.run_id in (select runs.run_id from runs)
        )
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}


{# Incremental strategy of ledgers. The model's `subject_column` is what it calls the subject's id. #}
{% macro get_incremental_replace_touched_sql(arg_dict) %}
{%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') %}
    delete from {{ arg_dict['target_relation'] }}
    where {{ is_touched(config.require('subject_column')) }};
    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }};
{% endmacro %}


{# Post-hook of every ledger, in the transaction that writes it: what was loaded up to now is in it. #}
{% macro remember_written() -%}
    insert or replace into {{ source('raw', '_ledgers') }}
    select '{{ this.identifier }}', max(loaded_at) from {{ source('raw', '_loaded_files') }}
{%- endmacro %}
