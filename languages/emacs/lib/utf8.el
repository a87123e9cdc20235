;;; -*- lexical-binding: t -*-
;; What a program reads and prints is UTF-8; in a batch Emacs would guess.
(set-language-environment "UTF-8")
(setq coding-system-for-read 'utf-8 coding-system-for-write 'utf-8)
(set-terminal-coding-system 'utf-8)
(set-keyboard-coding-system 'utf-8)
