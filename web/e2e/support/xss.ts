/** Texts that become markup or a script where a page is careless. Each calls `hacked` when it runs. */
export const xss: readonly string[] = [
  "<script>hacked()</script>",
  "<img src=x onerror=hacked()>",
  "<svg onload=hacked()>",
  '"><script>hacked()</script>',
  "'-hacked()-'",
  '" autofocus onfocus=hacked() x="',
  "javascript:hacked()",
  "</title><script>hacked()</script>",
  "{{constructor.constructor('hacked()')()}}",
  "${hacked()}",
  "<iframe srcdoc='<script>parent.hacked()</script>'>",
  "<a href=javascript:hacked()>x</a>",
  "<style>@import 'javascript:hacked()'</style>",
  "\u202egnp.exe <b>b</b>",
];
