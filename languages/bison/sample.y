%{
// A calculator from a grammar: what binds more tightly stands further down.
#include <ctype.h>
#include <stdio.h>

static const char *input;
int yylex(void);
void yyerror(const char *why) { printf("%s\n", why); }
%}

%define api.value.type {int}
%token NUMBER
%left '+' '-'
%left '*' '/'
%precedence NEGATIVE

%%
line: sum { printf("%d\n", $1); };
sum: NUMBER
    | sum '+' sum { $$ = $1 + $3; }
    | sum '-' sum { $$ = $1 - $3; }
    | sum '*' sum { $$ = $1 * $3; }
    | sum '/' sum { $$ = $1 / $3; }
    | '-' sum %prec NEGATIVE { $$ = -$2; }
    | '(' sum ')' { $$ = $2; };
%%

int yylex(void) {
    while (*input == ' ') input++;
    if (!isdigit((unsigned char)*input)) return *input ? *input++ : YYEOF;
    for (yylval = 0; isdigit((unsigned char)*input); input++) yylval = yylval * 10 + *input - '0';
    return NUMBER;
}

int main(void) {
    const char *sums[] = {"1 + 2 * 3", "(1 + 2) * 3", "7 - 3 - 2", "-(4 + 6) / 5", "2 * * 2"};
    for (int i = 0; i < 5; i++) {
        input = sums[i];
        printf("%-12s = ", input);
        yyparse();
    }
}
