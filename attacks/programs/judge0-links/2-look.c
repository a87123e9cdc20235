#include "common.h"
int main(void) {
    char at[64];
    struct stat st;
    if (lstat("/work", &st) != 0 || !S_ISDIR(st.st_mode)) breach("the working folder is not a folder: %o", st.st_mode);
    if (readlink("main.c", at, sizeof at) > 0) breach("the earlier link is there");
    return done("the earlier links are gone");
}
