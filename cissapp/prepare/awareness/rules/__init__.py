"""Rules of the awareness rounds: what is asked, when figures are shown, how sure a share is."""
