/* What a browser keeps of the gate: the shell of the page without anybody's data, the script that answers for us when
 * there is no network, and the manifest that puts it on a telephone's first screen. */
#include "base/limits.h"
#include "templates.h"
#include "web/asset.h"
#include "web/gate/pages.h"

/* Other people's modules, brought by script/vendor (vendor/README.md); a build without them has no camera where the
 * browser has no reader of its own. */
#define DECODER "vendor/qr/decode.js"
#define VERIFIER "vendor/ed25519/index.js"

static const char *const kept[] = {"css/guichet.css", "svg/icons.svg", "favicon.svg", "js/gate-code.js", "js/gate-rules.js",
                                   "js/gate-store.js", "js/gate-camera.js", "js/gate.js", "img/gate-192.png"};
/* Loaded by other modules under their plain addresses. */
static const char *const kept_plain[] = {DECODER, "vendor/qr/index.js", VERIFIER};

void gate_modules(struct gate_page_view *view)
{
    view->decoder = asset_find(S(DECODER)) == NULL ? S("") : S("/assets/" DECODER);
    view->verifier = asset_find(S(VERIFIER)) == NULL ? S("") : S("/assets/" VERIFIER);
}

void gate_shell_page(struct page *page)
{
    struct gate_page_view view = {.has_answer = false};
    page->csrf = S("");
    page->staff = false;
    gate_forms_blank(page, &view);
    gate_script_words(page, &view);
    gate_modules(&view);
    page->title = msg_text(page->arena, page->lang, MSG_gate_title);
    tpl_gate_page(page_out(page), page, &view);
}

static void put_address(struct buf *out, const char *prefix, struct str address)
{
    if (out->p[out->n - 1] != '[')
        buf_char(out, ',');
    struct buf whole = buf_new(LIMIT_URL);
    buf_c(&whole, prefix);
    buf_str(&whole, address);
    buf_json(out, buf_view(&whole));
    buf_free(&whole);
}

/* The version is made of everything that is kept, so a new program replaces what an old one left. */
void gate_worker_script(struct page *page)
{
    struct buf *out = page_out(page);
    const struct asset *worker = asset_find(S("js/gate-worker.js"));
    struct buf version = buf_new(4096);
    for (size_t i = 0; i < ASSET_COUNT; i++)
        if (str_starts(asset_table[i].name, S("js/gate")) || str_starts(asset_table[i].name, S("css/")) ||
            str_starts(asset_table[i].name, S("vendor/")) || str_starts(asset_table[i].name, S("svg/icons")))
            buf_str(&version, str_sub(asset_table[i].etag, 1, 8));
    page->response->content_type = S("text/javascript; charset=utf-8");
    response_header(page->response, "Cache-Control", S("no-cache"));
    response_header(page->response, "Service-Worker-Allowed", page_url(page, "/service/controle"));
    buf_c(out, "const VERSION = ");
    buf_json(out, buf_view(&version));
    buf_c(out, ";\nconst SHELL = ");
    buf_json(out, page_url(page, "/service/controle/hors-ligne"));
    buf_c(out, ";\nconst KEPT = [");
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        if (asset_find(str_of(kept[i])) != NULL)
            put_address(out, "", asset_url(str_of(kept[i])));
    for (size_t i = 0; i < sizeof kept_plain / sizeof *kept_plain; i++)
        if (asset_find(str_of(kept_plain[i])) != NULL)
            put_address(out, "/assets/", str_of(kept_plain[i]));
    buf_c(out, "];\n");
    if (worker != NULL)
        buf_str(out, worker->bytes);
    buf_free(&version);
}

void gate_manifest(struct page *page)
{
    struct buf *out = page_out(page);
    struct str home = page_url(page, "/service/controle");
    page->response->content_type = S("application/manifest+json");
    response_header(page->response, "Cache-Control", S("no-cache"));
    buf_c(out, "{\"id\":");
    buf_json(out, home);
    buf_c(out, ",\"start_url\":");
    buf_json(out, home);
    buf_c(out, ",\"scope\":");
    buf_json(out, home);
    buf_c(out, ",\"display\":\"standalone\",\"background_color\":\"#fbf9f4\",\"theme_color\":\"#1d4f5c\",\"lang\":");
    buf_json(out, lang_code(page->lang));
    buf_c(out, ",\"name\":");
    buf_json(out, msg_text(page->arena, page->lang, MSG_gate_app_name));
    buf_c(out, ",\"short_name\":");
    buf_json(out, msg_text(page->arena, page->lang, MSG_gate_app_short));
    buf_c(out, ",\"icons\":[");
    static const struct {
        const char *name, *size;
    } icons[] = {{"img/gate-192.png", "192x192"}, {"img/gate-512.png", "512x512"}};
    for (size_t i = 0; i < sizeof icons / sizeof *icons; i++) {
        buf_c(out, i == 0 ? "{\"src\":" : ",{\"src\":");
        buf_json(out, asset_url(str_of(icons[i].name)));
        buf_format(out, ",\"sizes\":\"%s\",\"type\":\"image/png\",\"purpose\":\"any maskable\"}", icons[i].size);
    }
    buf_c(out, "]}\n");
}
