module Main where

open import Agda.Builtin.IO
open import Agda.Builtin.String
open import Agda.Builtin.Unit

{-# FOREIGN GHC import qualified Data.Text.IO as Text #-}

postulate interact : (String → String) → IO ⊤
{-# COMPILE GHC interact = Text.interact #-}

main : IO ⊤
main = interact (λ input → input)
