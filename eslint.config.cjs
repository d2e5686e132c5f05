// Found through NODE_PATH (./dev lint) or ./node_modules (npm ci, for editors).
const js = require("@eslint/js");
const globals = require("globals");

const odoo = {odoo: "readonly", luxon: "readonly", Chart: "readonly"};

module.exports = [
  {ignores: ["**/static/lib/**", "dist/**", "node_modules/**"]},
  js.configs.recommended,
  {
    files: ["**/*.js"],
    languageOptions: {
      ecmaVersion: 2022,
      sourceType: "module",
      globals: {...globals.browser, ...odoo},
    },
    linterOptions: {reportUnusedDisableDirectives: "error"},
    rules: {
      curly: "error",
      eqeqeq: "error",
      "no-alert": "error",
      "no-console": "error",
      "no-shadow": "error",
      "no-unused-vars": ["error", {argsIgnorePattern: "^_"}],
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
    },
  },
];
