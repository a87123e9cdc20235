. ./common.sh
echo plain >plain.txt
ln -s "$1" link.png
ln -s /proc/self/environ proc.png
mkdir -p folder && ln -s /etc/shadow folder/deep.png
ln -s loop.png loop.png
ln -s / root
ln "$1" hard.png 2>/dev/null
ln /etc/passwd hard.png 2>/dev/null
[ ! -s hard.png ] || breach "a hard link to a file of the host: $(head -c 60 hard.png)"
done_with "links lie about"
