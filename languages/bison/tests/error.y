%%
text: nowhere;
%%
