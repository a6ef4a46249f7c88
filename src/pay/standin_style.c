/* The style sheet of the stand-in's page, at an address of its own because the security policy allows nothing inline. */
#include "base/buf.h"
#include "pay/standin_parts.h"

static const char style[] =
    ":root{--ground:#f4f5f7;--paper:#fff;--ink:#1b2330;--soft:#525c6b;--line:#c9ced6;--edge:#767f8c;--key:#3b3fa6;"
    "--key-ink:#fff;--wrong:#a3162b;--wrong-ground:#fdecee;--note:#fff6d9;--note-ink:#4d3c00;color-scheme:light dark}\n"
    "@media(prefers-color-scheme:dark){:root{--ground:#12161d;--paper:#1c222c;--ink:#eef1f5;--soft:#b3bcc9;"
    "--line:#39424f;--edge:#8d97a5;--key:#a9adff;--key-ink:#12161d;--wrong:#ffa3ae;--wrong-ground:#3a1a20;"
    "--note:#3a310f;--note-ink:#ffe9a6}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,\"Segoe UI\","
    "\"Noto Sans\",\"DejaVu Sans\",sans-serif}\n"
    ".demo{background:var(--note);color:var(--note-ink);padding:.6rem 1rem}\n"
    ".demo p{margin:0 auto;max-width:60rem}\n"
    "main{max-width:60rem;margin:0 auto;padding:1.5rem 1rem 3rem}\n"
    ".merchant{margin:0;color:var(--soft)}\n"
    ".merchant strong{color:var(--ink)}\n"
    "h1{margin:.1rem 0 1.2rem;font-size:1.75rem;line-height:1.2}\n"
    "h2{margin:0 0 .8rem;font-size:1.15rem}\n"
    ".columns{display:grid;gap:1.25rem;grid-template-columns:1fr;align-items:start}\n"
    "@media(min-width:48rem){.columns{grid-template-columns:5fr 6fr}}\n"
    "section{background:var(--paper);border:1px solid var(--line);border-radius:.75rem;padding:1.25rem}\n"
    ".columns+section{margin-top:1.25rem}\n"
    "ul{list-style:none;margin:0;padding:0}\n"
    ".summary li{display:flex;justify-content:space-between;gap:1rem;padding:.5rem 0;"
    "border-bottom:1px solid var(--line)}\n"
    ".summary small{display:block;color:var(--soft);font-size:.875rem}\n"
    ".sum,.total strong{white-space:nowrap;font-variant-numeric:tabular-nums}\n"
    ".total{display:flex;justify-content:space-between;align-items:baseline;margin:1rem 0 0}\n"
    ".total strong{font-size:1.5rem}\n"
    ".mail{margin:.75rem 0 0;color:var(--soft);overflow-wrap:anywhere}\n"
    "form{display:grid;gap:1rem;grid-template-columns:1fr 1fr}\n"
    ".field{grid-column:1/-1;display:flex;flex-direction:column}\n"
    "@media(min-width:30rem){.field.card_expiry{grid-column:1}.field.card_cvc{grid-column:2}}\n"
    "label{font-weight:600}\n"
    ".help{margin:0;color:var(--soft);font-size:.875rem}\n"
    ".wrong{margin:0;color:var(--wrong);font-weight:600;font-size:.9rem}\n"
    "input{margin-top:.3rem;min-height:2.75rem;padding:.4rem .7rem;font:inherit;color:inherit;"
    "background:var(--paper);border:1px solid var(--edge);border-radius:.45rem;width:100%}\n"
    ".field input{margin-top:auto}\n"
    "input[aria-invalid]{border:2px solid var(--wrong)}\n"
    "button{grid-column:1/-1;min-height:3rem;border:0;border-radius:.45rem;background:var(--key);color:var(--key-ink);"
    "font:inherit;font-weight:700;cursor:pointer}\n"
    "button:hover{filter:brightness(1.1)}\n"
    "a{color:var(--key)}\n"
    ":focus-visible{outline:3px solid var(--key);outline-offset:2px}\n"
    ".alert{border-left:.3rem solid var(--wrong);background:var(--wrong-ground);color:var(--ink);"
    "padding:.75rem 1rem;margin-bottom:1rem;border-radius:.3rem}\n"
    ".alert strong{color:var(--wrong)}\n"
    ".back{margin:1.1rem 0 0}\n"
    ".back a{display:inline-block;min-height:1.5rem}\n"
    ".cards li{display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:.5rem 0}\n"
    ".cards li+li{border-top:1px solid var(--line)}\n"
    ".cards a{margin-left:auto}\n"
    "code{font:600 1rem/1.5 ui-monospace,\"DejaVu Sans Mono\",monospace}\n"
    ".hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}\n";

void standin_style(void *context, struct request *request, struct response *response, const void *data)
{
    (void)context;
    (void)request;
    (void)data;
    response->content_type = S("text/css; charset=utf-8");
    buf_c(&response->body, style);
}
