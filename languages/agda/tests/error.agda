module Main where

open import Agda.Builtin.Nat

wrong : Nat
wrong = "three"
