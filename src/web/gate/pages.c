/* The gate (OPS-3, TKT-6). One line a page. */
#include "web/gate/pages.h"

const struct page_route gate_pages[] = {
    {HTTP_GET, "/service/controle", gate_home_page, PAGE_STAFF},
    /* Without a reader: kept by the browser, so it holds nothing of anybody. */
    {HTTP_GET, "/service/controle/hors-ligne", gate_shell_page, 0},
    {HTTP_GET, "/service/controle/hors-ligne.js", gate_worker_script, 0},
    {HTTP_GET, "/service/controle/application.webmanifest", gate_manifest, 0},
    {HTTP_GET, "/service/controle/{slug}", gate_page, PAGE_STAFF},
    {HTTP_GET, "/service/controle/{slug}/jour.json", gate_day_json, PAGE_STAFF},
    {HTTP_POST, "/service/controle/{slug}/lectures.json", gate_scans_json, PAGE_STAFF},
    {HTTP_POST, "/service/controle/{slug}/lecture", gate_scan_sent, PAGE_STAFF},
    {HTTP_POST, "/service/controle/{slug}/annuler", gate_undo_sent, PAGE_STAFF},
    {HTTP_GET, "/service/controle/{slug}/lectures", gate_log_page, PAGE_STAFF},
    {HTTP_GET, "/service/controle/{slug}/conflits", gate_conflicts_page, PAGE_STAFF},
};
const size_t gate_page_count = sizeof gate_pages / sizeof *gate_pages;
