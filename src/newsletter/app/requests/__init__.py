"""What comes of the requests that people make on the public pages.

`answering` looks at those that wait and has mail written to whoever may get any; the button on the
page of a link in that mail then does what was asked for. What that is, each kind of request says in
a module of its own here, as a `confirmable.Confirmable`. To add one:

1. write `app/requests/<kind>.py`, a class of the three methods of that Protocol;
2. name it in `kinds.confirmables`;
3. add the two pages `web/pages/confirm_<kind>.html.j2`, which extends `confirm.html.j2`, and
   `web/pages/confirmed_<kind>.html.j2` (a hyphen in the kind being an underscore there); what the
   class gives as facts they find under their names, beside `confirmation`;
4. add their words to a file of that kind in `i18n/*/pages/`.

That a request is there, open, confirmed once and by a POST only, and what is shown of one that is
over, is the same for all of them, and done around them by `readers.confirming`.
"""
