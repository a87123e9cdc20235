. ./common.sh
mkdir -p locked/in/there && echo x >locked/in/there/x.png && chmod 0 locked/in/there/x.png locked/in/there locked/in locked
echo x >secret.png && chmod 0 secret.png
chmod 0 .
done_with "nothing can be read or removed without more rights"
